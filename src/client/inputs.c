#include "client/inputs.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "client/asking.h"
#include "client/question.h"
#include "client/tty.h"
#include "protocol/protocol.h"

enum { GO_ON = 0 };

static int leave(struct asking *asking, int signal)
{
	asking->status = 128 + (signal == 0 ? SIGINT : signal);
	return -1;
}

static int ask_line(
	struct asking *asking, const struct form_input *input, const char *text, const char **reply)
{
	const struct strings words = asking_values(asking, input);
	struct question question = {
		.tty = asking->tty, .text = text, .hidden = input->secret, .values = &words};

	if (question_ask(asking->arena, &question) != 0)
		return leave(asking, question.signal);
	*reply = question.reply;
	return 0;
}

/* Up to a line that holds a single ".", which is not part of it. */
static int ask_lines(struct asking *asking, const struct form_input *input, const char **text)
{
	struct strings lines = {0};
	const char *line = "";

	for (;;) {
		if (ask_line(asking, input, lines.count == 0 ? asking_label(asking, input) : "> ",
			    &line) != 0)
			return -1;
		if (strcmp(line, ".") == 0 || (lines.count == 0 && line[0] == '\0'))
			break;
		strings_add(asking->arena, &lines, line);
	}
	*text = lines.count == 0 ? arena_strdup(asking->arena, "")
				 : strings_join(asking->arena, &lines, "\n");
	return 0;
}

/* Nothing typed: the default, or nothing at all. False: it is required. */
static bool may_skip(struct asking *asking, struct form_input *input)
{
	if (!input->required || input->default_value != NULL || input->answered.count > 0) {
		input->skipped = input->answered.count == 0;
		return true;
	}
	asking_say(asking, "  it is required; ^C leaves\n");
	return false;
}

static int ask_input(struct asking *asking, struct form_input *input)
{
	bool is_text = strcmp(input->type, "text") == 0;
	const char *typed = "";

	asking_introduce(asking, input);
	if (asking_get_choices(asking, input) != 0)
		return -1;
	if (input->is_list)
		asking_list_values(asking, input);
	while (input->answered.count < input->repeat) {
		if ((is_text ? ask_lines(asking, input, &typed)
			     : ask_line(asking, input, asking_label(asking, input), &typed)) != 0)
			return -1;
		if (typed[0] != '\0')
			(void)asking_take(asking, input, typed);
		else if (may_skip(asking, input))
			break;
		if (*asking->lost)
			return -1;
	}
	return 0;
}

/* An operand after one that was left out would be taken for that one. */
static bool is_open(const struct form *form, const struct form_input *input)
{
	for (size_t i = 0; input->position > 0 && input->options.count == 0 && i < form->count; i++)
		if (form->inputs[i].skipped && form->inputs[i].position > 0 &&
			form->inputs[i].position < input->position)
			return false;
	return !form_has(input) && form_shows(form, input);
}

static int ask_all(struct asking *asking)
{
	for (size_t i = 0; i < asking->form->count; i++)
		if (is_open(asking->form, &asking->form->inputs[i]) &&
			ask_input(asking, &asking->form->inputs[i]) != 0)
			return -1;
	return 0;
}

static struct form *describe(struct asking *asking, const struct strings *words)
{
	const struct client_options options = {.act_as = asking->options->act_as,
		.json = true,
		.quiet = true,
		.interruptible = true,
		.lost = asking->lost};
	struct form *form = NULL;
	char *json = client_ask(asking->socket, PACKET_DESCRIBE, &options, words->items,
		words->count, &asking->status);

	if (json != NULL)
		form = form_read(asking->arena, json, words);
	free(json);
	return form;
}

int client_ask_inputs(int socket, const struct client_options *options, struct arena *arena,
	struct strings *words)
{
	_cleanup_fd_ int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool lost = false;
	struct asking asking = {.socket = socket,
		.tty = tty,
		.options = options,
		.arena = arena,
		.lost = options->lost == NULL ? &lost : options->lost};

	if (tty < 0 || isatty(STDIN_FILENO) != 1 || !tty_in_foreground(tty) ||
		words->count > PACKET_WORDS_MAX)
		return GO_ON;
	asking.form = describe(&asking, words);
	if (*asking.lost)
		return asking.status;
	if (asking.form == NULL || !form_lacks(asking.form))
		return GO_ON;
	asking_say(&asking,
		arena_printf(arena, "%s needs more to know; ^C leaves, and nothing is run.\n",
			asking_safe(&asking, asking.form->name)));
	if (ask_all(&asking) != 0)
		return asking.status;
	asking_show_line(&asking);
	*words = form_words(arena, asking.form, false);
	return GO_ON;
}
