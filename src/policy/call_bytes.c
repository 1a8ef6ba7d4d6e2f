/*
 * Which bytes the words of a call may hold (R2). Line ends and tabs are for the text inputs of
 * functions alone, so they are looked at again when it is known what the words name, and again
 * when it is known which word is a value of what.
 */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "policy/call.h"

static int refuse_bytes(struct call *call, size_t word)
{
	return call_refuse(call, REASON_SYNTAX, word,
		arena_printf(call->arena, "word %zu holds a control character or is not UTF-8",
			word + 1));
}

int call_check_bytes(struct call *call)
{
	const struct decision_request *request = call->request;

	if (request->count == 0)
		return call_refuse(call, REASON_SYNTAX, SIZE_MAX, "no command was given");
	call->lines = request->count;
	for (size_t i = 0; i < request->count; i++) {
		size_t length = strlen(request->words[i]);

		if (text_refused_lines(request->words[i], length) != length)
			return refuse_bytes(call, i);
		if (call->lines == request->count && strpbrk(request->words[i], "\n\t") != NULL)
			call->lines = i;
	}
	return 0;
}

/* Where no function that takes them is granted nobody learns of one (R24). */
int call_check_lines(struct call *call)
{
	const struct command *command = call->command;

	if (call->lines == call->request->count)
		return 0;
	if (call->lines >= call->name_words && command != NULL &&
		(command == call->request->ungranted ||
			merge_is_granted(command, call->request->roles)))
		for (size_t i = 0; i < command->parameters.count; i++)
			if (command->parameters.items[i].type == PARAMETER_TEXT)
				return 0;
	call->command = NULL;
	return refuse_bytes(call, call->lines);
}

/* Whether the word is the value of a text, or ends with one: letters of flags may be before it. */
static bool is_text(const struct call *call, size_t word)
{
	const struct parameters *parameters = &call->command->parameters;

	for (size_t i = 0; i < parameters->count; i++)
		for (size_t k = 0; parameters->items[i].type == PARAMETER_TEXT &&
				   k < call->arguments.items[i].count;
			k++)
			if (call->arguments.items[i].values[k].word == word)
				return true;
	return false;
}

int call_check_texts(struct call *call)
{
	const struct decision_request *request = call->request;

	for (size_t i = call->lines; i < request->count; i++)
		if (strpbrk(request->words[i], "\n\t") != NULL &&
			!is_text(call, i - call->name_words)) {
			refuse_bytes(call, i);
			call->refusal.word -= call->name_words;
			return -1;
		}
	return 0;
}
