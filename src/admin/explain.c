/* explain: the decision for one call, offline, and why. */
#include "admin/explain.h"

#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "answer/answer.h"
#include "base/message.h"
#include "policy/reason.h"

void explain_words(struct arena *arena, const struct person *person, const struct strings *words,
	struct explanation *explanation)
{
	explanation->words = *words;
	person_decide(arena, person, words->items, words->count, &explanation->decision);
}

void explain_line(struct arena *arena, const struct person *person, const char *line,
	struct explanation *explanation)
{
	struct strings words = {0};

	explanation->line = line;
	if (line_split(arena, line, strlen(line), &words, &explanation->error) == 0) {
		explain_words(arena, person, &words, explanation);
		return;
	}
	explanation->decision = (struct decision){
		.reason = explanation->error.limit ? REASON_LIMIT : REASON_SYNTAX,
		.word = SIZE_MAX,
		.detail = explanation->error.reason,
	};
}

static char *nearest_json(struct arena *arena, const struct nearest *nearest)
{
	struct strings hints = {0};

	for (size_t i = 0; i < nearest->count; i++) {
		const struct nearest_hint *hint = &nearest->hints[i];

		strings_add(arena, &hints,
			arena_printf(arena,
				"{\"text\":%s,\"command\":%s,\"role\":%s,\"held\":%s,\"file\":%s,"
				"\"line\":%u}",
				json_text(arena, hint->text), json_text(arena, hint->command),
				json_text(arena, hint->role), hint->held ? "true" : "false",
				json_text(arena, hint->source.file), hint->source.line));
	}
	return arena_printf(arena, "\"nearest\":[%s]", strings_join(arena, &hints, ","));
}

bool explain_needs_approval(const struct person *person, const struct decision *decision)
{
	const struct command *command = decision->command;

	return decision->verdict == VERDICT_ALLOW && command->function != NULL &&
	       (command->function->approval.required ||
		       (person->endpoint != NULL && person->endpoint->approval.required));
}

char *explain_json(
	struct arena *arena, const struct person *person, const struct explanation *explanation)
{
	struct answer_facts facts = {
		.run_as = person_run_as(person, &explanation->decision),
		.act_as = person->act_as,
		.status = -1,
	};
	char *object = answer_decision_json(arena, &explanation->decision, &facts, false);

	if (explain_needs_approval(person, &explanation->decision))
		object = json_add(arena, object, "\"approval_needed\":true");
	if (explanation->error.column != 0)
		object = json_add(arena, object,
			arena_printf(arena, "\"column\":%zu,\"offset\":%zu",
				explanation->error.column, explanation->error.offset));
	if (explanation->nearest.count > 0)
		object = json_add(arena, object, nearest_json(arena, &explanation->nearest));
	return object;
}

static int explain_one(struct arena *arena, const struct policy *policy,
	const struct person_request *request, const struct options *options)
{
	struct explanation explanation = {0};
	const char *complaint;
	struct person person;

	if (person_find(arena, policy, request, &person, &complaint) < 0) {
		message_error("%s", complaint);
		return ADMIN_WRONG;
	}
	if (options->line != NULL) {
		explain_line(arena, &person, options->line, &explanation);
	} else {
		struct strings words = {(const char **)options->words, options->word_count};

		explain_words(arena, &person, &words, &explanation);
	}
	if (explanation.decision.verdict != VERDICT_ALLOW)
		nearest_find(arena, &person, explanation.words.items, explanation.words.count,
			&explanation.decision, &explanation.nearest);
	if ((options->given & OPTION_JSON) != 0)
		puts(explain_json(arena, &person, &explanation));
	else
		explain_print(arena, &person, &explanation);
	return explanation.decision.verdict == VERDICT_ALLOW ? ADMIN_OK : ADMIN_FOUND;
}

/* 0, or -1 after a message. A batch may name roles in each of its lines. */
static int check_form(const struct options *options)
{
	unsigned given = options->given;
	int calls =
		(options->line != NULL) + (options->batch != NULL) + ((given & OPTION_WORDS) != 0);

	if (calls != 1)
		message_error("explain: one of -- COMMAND, --line and --batch is needed");
	else if (options->user != NULL && options->roles != NULL)
		message_error("explain: --user and --roles exclude each other");
	else if (options->user == NULL && options->roles == NULL && options->batch == NULL)
		message_error("explain: --user or --roles is needed");
	else if (options->act_as != NULL && options->user == NULL)
		message_error("explain: --act-as needs --user");
	else if ((given & OPTION_WORDS) != 0 && options->word_count == 0)
		message_error("explain: a command is needed after --");
	else
		return 0;
	usage(stderr, "explain");
	return -1;
}

int explain_run(const struct options *options)
{
	struct person_request request = {.user = options->user,
		.act_as = options->act_as,
		.endpoint = options->endpoint};
	struct arena *arena;
	struct policy *policy;
	int status = ADMIN_WRONG;

	if (check_form(options) < 0)
		return ADMIN_WRONG;
	arena = arena_new();
	policy = person_policy(arena, options);
	if (options->roles != NULL)
		request.roles = person_role_names(arena, options->roles);
	if (policy != NULL)
		status = options->batch != NULL ? batch_run(arena, policy, options)
						: explain_one(arena, policy, &request, options);
	arena_free(arena);
	return status;
}
