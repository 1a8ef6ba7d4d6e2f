/* From what was typed to a value: by the lists that there are, and else by the gateway's own word.
 */
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "client/asking.h"
#include "client/tree.h"
#include "protocol/protocol.h"

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

/* What the gateway can't compute now it can't check either, so that a value would be typed in vain.
 */
static bool is_hopeless(const struct tree *answer)
{
	const char *reason = tree_text(answer, "reason");

	return reason != NULL && strcmp(reason, "gateway-error") == 0;
}

/* -1: there is no going on. What is refused for another reason was said, and is typed as any value.
 */
int asking_get_choices(struct asking *asking, struct form_input *input)
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
		asking_say(asking, "  there is nothing to choose from now\n");
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
	asking_say(asking, arena_printf(asking->arena,
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
	asking_say(asking, "  expected true or false\n");
	return NULL;
}

struct strings asking_values(struct asking *asking, const struct form_input *input)
{
	bool flag = form_is_flag(input);
	struct strings words = {0};

	if (input->is_list)
		return input->values;
	if (flag || strcmp(input->type, "boolean") == 0) {
		strings_add(asking->arena, &words, flag ? "yes" : "true");
		strings_add(asking->arena, &words, flag ? "no" : "false");
	}
	return words;
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
	asking_say(asking, arena_printf(asking->arena, "  %s\n", asking_safe(asking, message)));
	return false;
}

/* False: the answer is none, and it has been said. */
bool asking_take(struct asking *asking, struct form_input *input, const char *typed)
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
