#include "client/inputs.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "client/form.h"
#include "client/question.h"
#include "client/run.h"
#include "client/tree.h"
#include "client/tty.h"
#include "policy/line.h"
#include "protocol/protocol.h"

enum { GO_ON = 0, LISTED_MAX = 200 };

struct asking {
	int socket, tty;
	const struct client_options *options;
	struct arena *arena;
	struct form *form;
	bool *lost;
	int status; /* once the person has left */
};

static const char *safe(struct asking *asking, const char *text)
{
	return text_escape(asking->arena, text, strlen(text));
}

static void say(struct asking *asking, const char *text)
{
	question_say(asking->tty, text);
}

static int leave(struct asking *asking, int signal)
{
	asking->status = 128 + (signal == 0 ? SIGINT : signal);
	return -1;
}

/* The answer as a tree, or NULL. */
static const struct tree *ask_gateway(struct asking *asking, int type, const char *input)
{
	struct client_options options = {.account = asking->options->account,
		.act_as = asking->options->act_as,
		.input = input,
		.json = true,
		.no_prompt = true,
		.quiet = type != PACKET_CHOICES,
		.interruptible = true,
		.lost = asking->lost};
	struct strings words = form_words(asking->arena, asking->form, false);
	const struct tree *tree;
	char *json;

	json = client_ask(
		asking->socket, type, &options, words.items, words.count, &asking->status);
	tree = json == NULL ? NULL : tree_read(asking->arena, json);
	free(json);
	return tree;
}

static int ask_line(struct asking *asking, const char *text, bool hidden, const char **reply)
{
	struct question question = {.tty = asking->tty, .text = text, .hidden = hidden};

	if (question_ask(asking->arena, &question) != 0)
		return leave(asking, question.signal);
	*reply = question.reply;
	return 0;
}

static const char *kind_of(struct asking *asking, const struct form_input *input)
{
	if (strcmp(input->type, "integer") == 0 && input->minimum != NULL && input->maximum != NULL)
		return arena_printf(asking->arena, "a whole number from %s to %s", input->minimum,
			input->maximum);
	if (strcmp(input->type, "integer") == 0)
		return "a whole number";
	if (strcmp(input->type, "boolean") == 0)
		return "true or false";
	if (form_is_flag(input))
		return "yes or no";
	if (strcmp(input->type, "date") == 0)
		return "a date, YYYY-MM-DD";
	if (strcmp(input->type, "path") == 0)
		return "a path";
	if (strcmp(input->type, "text") == 0)
		return "lines, the last one a single \".\"";
	return NULL;
}

/* "wait: Minutes to wait for sessions (a whole number from 1 to 60)", where there is more than a
 * name. */
static void introduce(struct asking *asking, const struct form_input *input)
{
	const char *kind = kind_of(asking, input), *text = "";
	bool optional = !input->required && input->default_value == NULL;

	if (input->description != NULL)
		text = arena_printf(asking->arena, ": %s", safe(asking, input->description));
	if (kind != NULL)
		text = arena_printf(asking->arena, "%s (%s)", text, kind);
	if (optional)
		text = arena_printf(asking->arena, "%s; empty: leave it out", text);
	say(asking, "\n");
	if (text[0] != '\0' || input->is_list || input->computed)
		say(asking, arena_printf(asking->arena, "%s%s\n", safe(asking, input->name), text));
}

static void list_values(struct asking *asking, const struct form_input *input)
{
	size_t count = input->values.count < LISTED_MAX ? input->values.count : LISTED_MAX;

	for (size_t i = 0; i < count; i++)
		say(asking, arena_printf(asking->arena, "  %zu) %s\n", i + 1,
				    safe(asking, input->values.items[i])));
	if (count < input->values.count)
		say(asking, arena_printf(asking->arena, "  ... and %zu more\n",
				    input->values.count - count));
}

/* What the gateway can't compute now it can't check either, so that a value would be typed in vain.
 */
static bool is_hopeless(const struct tree *answer)
{
	const char *reason = tree_text(answer, "reason");

	return reason != NULL && strcmp(reason, "gateway-error") == 0;
}

/* -1: there is no going on. What is refused for another reason was said, and is typed as any value.
 */
static int get_choices(struct asking *asking, struct form_input *input)
{
	const struct tree *answer;

	if (!input->computed)
		return 0;
	answer = ask_gateway(asking, PACKET_CHOICES, input->name);
	if (*asking->lost)
		return -1;
	input->is_list = answer != NULL && answer->kind == TREE_LIST;
	input->values = tree_strings(asking->arena, answer);
	if (input->is_list && input->values.count == 0)
		say(asking, "  there is nothing to choose from now\n");
	else if (!is_hopeless(answer))
		return 0;
	asking->status = EXIT_REFUSED;
	return -1;
}

/* The value meant by what was typed, or NULL after it was said why it is none. */
static const char *choose(struct asking *asking, const struct form_input *input, const char *typed)
{
	char *end;
	unsigned long number = strtoul(typed, &end, 10);

	if (strings_contain(&input->values, typed))
		return typed;
	if (*end == '\0' && typed[0] >= '0' && typed[0] <= '9' && number >= 1 &&
		number <= input->values.count)
		return input->values.items[number - 1];
	say(asking, arena_printf(asking->arena,
			    "  expected a number from 1 to %zu, or a value of the list\n",
			    input->values.count));
	return NULL;
}

static const char *truth(struct asking *asking, const char *typed)
{
	static const char *const yes[] = {"true", "yes", "y"}, *const no[] = {"false", "no", "n"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcasecmp(typed, yes[i]) == 0)
			return "true";
		if (strcasecmp(typed, no[i]) == 0)
			return "false";
	}
	say(asking, "  expected true or false\n");
	return NULL;
}

/* By the gateway, with all that was answered so far; it says itself what is wrong. */
static bool is_accepted(struct asking *asking, struct form_input *input)
{
	const struct tree *answer = ask_gateway(asking, PACKET_CHECK, NULL);
	const char *reason = tree_text(answer, "reason"), *blamed = tree_text(answer, "parameter");
	const char *message = tree_text(answer, "message");

	if (reason == NULL || message == NULL ||
		(strcmp(reason, "syntax") != 0 &&
			(blamed == NULL || strcmp(blamed, input->name) != 0 ||
				strcmp(reason, "missing-parameter") == 0)))
		return true;
	say(asking, arena_printf(asking->arena, "  %s\n", safe(asking, message)));
	return false;
}

/* False: the answer is none, and it has been said. */
static bool take(struct asking *asking, struct form_input *input, const char *typed)
{
	bool boolean = strcmp(input->type, "boolean") == 0 || form_is_flag(input);
	const char *value = input->is_list ? choose(asking, input, typed)
			    : boolean	   ? truth(asking, typed)
					   : typed;

	if (value == NULL)
		return false;
	strings_add(asking->arena, &input->answered, value);
	if (input->is_list || boolean || is_accepted(asking, input))
		return true;
	input->answered.count--;
	return false;
}

static const char *label(struct asking *asking, const struct form_input *input)
{
	const char *name = safe(asking, input->name);

	if (input->answered.count > 0)
		return arena_printf(asking->arena, "%s, one more (empty: no more): ", name);
	if (input->default_value != NULL && !input->secret)
		return arena_printf(
			asking->arena, "%s [%s]: ", name, safe(asking, input->default_value));
	return arena_printf(asking->arena, "%s: ", name);
}

/* Up to a line that holds a single ".", which is not part of it. */
static int ask_lines(struct asking *asking, const struct form_input *input, const char **text)
{
	struct strings lines = {0};
	const char *line = "";

	for (;;) {
		if (ask_line(asking, lines.count == 0 ? label(asking, input) : "> ", input->secret,
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
	say(asking, "  it is required; ^C leaves\n");
	return false;
}

static int ask_input(struct asking *asking, struct form_input *input)
{
	bool is_text = strcmp(input->type, "text") == 0;
	const char *typed = "";

	introduce(asking, input);
	if (get_choices(asking, input) != 0)
		return -1;
	if (input->is_list)
		list_values(asking, input);
	while (input->answered.count < input->repeat) {
		if ((is_text ? ask_lines(asking, input, &typed)
			     : ask_line(asking, label(asking, input), input->secret, &typed)) != 0)
			return -1;
		if (typed[0] != '\0')
			(void)take(asking, input, typed);
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

static void show_line(struct asking *asking)
{
	struct strings shown = form_words(asking->arena, asking->form, true);

	say(asking, arena_printf(asking->arena, "\nThe same in one line: %s\n",
			    safe(asking, line_quote(asking->arena, shown.items, shown.count))));
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
	say(&asking, arena_printf(arena, "%s needs more to know; ^C leaves, and nothing is run.\n",
			     safe(&asking, asking.form->name)));
	if (ask_all(&asking) != 0)
		return asking.status;
	show_line(&asking);
	*words = form_words(arena, asking.form, false);
	return GO_ON;
}
