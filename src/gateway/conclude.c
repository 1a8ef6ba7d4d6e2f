/* The program of a function has ended: what came of it, for the operator and for the records. */
#include <string.h>

#include "answer/answer.h"
#include "base/text.h"
#include "gateway/function.h"

enum {
	/* So that both fit into a record of the kernel's (record/fields.h). */
	SAID_MAX = 750,	  /* bytes of the typed lines */
	ERRORS_MAX = 750, /* and of the end of its standard error */
};

static bool is_bad(const struct outcome_line *line)
{
	return line->type == OUTCOME_ERROR || line->type == OUTCOME_INVALID;
}

static const char *line_text(struct arena *arena, const struct outcome_line *line)
{
	const char *text = text_escape(arena, line->text, strlen(line->text));

	return line->input == NULL
		       ? arena_printf(arena, "%s: %s", outcome_type_name(line->type), text)
		       : arena_printf(arena, "%s %s: %s", outcome_type_name(line->type),
				 line->input, text);
}

/* Those that fit, what did not go well before everything else. */
static struct strings chosen_lines(struct arena *arena, const struct outcome *outcome)
{
	struct strings chosen = {.count = 0};
	size_t length = 0;

	for (int bad = 1; bad >= 0; bad--)
		for (size_t i = 0; i < outcome->count; i++) {
			const char *text = line_text(arena, &outcome->lines[i]);

			if (is_bad(&outcome->lines[i]) != bad)
				continue;
			length += strlen(text) + 2;
			if (length > SAID_MAX) {
				strings_add(arena, &chosen, "[truncated]");
				return chosen;
			}
			strings_add(arena, &chosen, text);
		}
	if (outcome->truncated)
		strings_add(arena, &chosen, "[truncated]");
	return chosen;
}

static const char *hidden_text(struct arena *arena, const struct hidden *hidden)
{
	size_t length = hidden->length;
	const char *text;

	while (length > 0 && hidden->bytes[length - 1] == '\n')
		length--;
	text = text_escape(arena, hidden->bytes, length);
	length = strlen(text);
	if (length <= ERRORS_MAX && !hidden->truncated)
		return arena_printf(arena, "stderr: %s", text);
	text += length > ERRORS_MAX ? length - ERRORS_MAX : 0;
	while (((unsigned char)*text & 0xc0) == 0x80) /* not from the middle of a character */
		text++;
	return arena_printf(arena, "stderr: [truncated]%s", text);
}

/* NULL: it said nothing. */
static const char *said_text(const struct request *request)
{
	struct strings said = chosen_lines(request->arena, request->outcome);

	if (request->hidden != NULL && request->hidden->length > 0)
		strings_add(request->arena, &said, hidden_text(request->arena, request->hidden));
	return said.count == 0 ? NULL : strings_join(request->arena, &said, "; ");
}

/* A reference in the place of what went wrong. */
static void refer(struct request *request)
{
	const char *name = request->decision.command->name;
	const char *where = report_keeps_end(request)
				    ? "the reviewers have the text under request"
				    : "what it said is not recorded at this audit level; request";

	if (request->hidden == NULL)
		return;
	outcome_say(request->outcome, OUTCOME_ERROR,
		arena_printf(request->arena, "%s failed; %s %s", name, where, request->id.text));
}

void request_conclude(struct request *request, struct run_end *end)
{
	struct outcome *outcome = request->outcome;
	enum outcome_result result;

	if (outcome == NULL || request->decision.command->function == NULL)
		return;
	result = outcome_result(outcome, end->timed_out ? -1 : end->status);
	end->result = outcome_result_name(result);
	end->said = said_text(request);
	if (end->status == 0 && result != OUTCOME_SUCCEEDED)
		end->status = 1;
	if (outcome->truncated)
		outcome_say(outcome, OUTCOME_WARNING, "the function said more than is kept of it");
	/* Inputs that were no good stay what they are, when all that came of it was thrown away. */
	if (transaction_conclude(request, result == OUTCOME_SUCCEEDED, end) != 0 &&
		(result == OUTCOME_SUCCEEDED || outcome->has_error)) {
		result = OUTCOME_FAILED;
		end->result = outcome_result_name(result);
	}
	if (result == OUTCOME_FAILED)
		refer(request);
}

struct answer_result *request_result(const struct request *request, const struct run_end *end)
{
	const struct outcome *outcome = request->outcome;
	struct answer_result *result;

	if (outcome == NULL || request->decision.command->function == NULL)
		return NULL;
	result = arena_alloc(request->arena, sizeof(*result));
	result->outcome = end->result;
	result->truncated = outcome->truncated;
	result->messages =
		arena_array(request->arena, outcome->count + 1, sizeof(*result->messages));
	for (size_t i = 0; i < outcome->count; i++) {
		const struct outcome_line *line = &outcome->lines[i];

		if (request_shows(request, line))
			result->messages[result->count++] = (struct answer_message){
				.type = outcome_type_name(line->type),
				.input = line->input,
				.text = line->text,
			};
	}
	return result;
}

static bool is_good(const struct answer_message *message)
{
	return strcmp(message->type, outcome_type_name(OUTCOME_SUCCESS)) == 0 ||
	       strcmp(message->type, outcome_type_name(OUTCOME_WARNING)) == 0;
}

bool request_result_shrink(struct answer_result *result)
{
	size_t good = 0, kept = 0, seen = 0, count = result == NULL ? 0 : result->count;

	for (size_t i = 0; i < count; i++)
		good += is_good(&result->messages[i]);
	for (size_t i = 0; i < count; i++) {
		const struct answer_message *message = &result->messages[i];
		bool keep = good == 0 ? i < count / 2 : !is_good(message) || seen++ < good / 2;

		if (keep)
			result->messages[kept++] = *message;
	}
	if (count == 0)
		return false;
	result->count = kept;
	result->truncated = true;
	return true;
}
