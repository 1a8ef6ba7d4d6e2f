#include "author/from_log.h"

#include <string.h>

#include "policy/decide.h"

static const char *text_of(const json_t *event, const char *name)
{
	return json_string_value(json_object_get(event, name));
}

static struct logged_call *new_call(
	struct from_log *log, struct logged_call ***calls, size_t *count, const char *line)
{
	struct logged_call *call = arena_alloc(log->arena, sizeof(*call));

	call->line = line;
	*calls = arena_grow(log->arena, *calls, *count, sizeof(struct logged_call *));
	(*calls)[(*count)++] = call;
	return call;
}

/*
 * The words of what line_quote() wrote: a text of several lines may be among them, which no line
 * that is typed can hold. -1: it is not of that form.
 */
static int unquote(struct arena *arena, const char *line, struct strings *words)
{
	char *word = arena_alloc(arena, strlen(line) + 1), *to = word;

	for (;; line++) {
		if (*line == ' ' || *line == '\0') {
			strings_add(arena, words, arena_strndup(arena, word, (size_t)(to - word)));
			to = word;
			if (*line == '\0')
				return 0;
		} else if (*line == '\'') {
			size_t length = strcspn(++line, "'");

			if (line[length] == '\0')
				return -1;
			to = mempcpy(to, line, length);
			line += length;
		} else if (*line == '\\') {
			if (*++line != '\'')
				return -1;
			*to++ = *line;
		} else if (strchr("|&;<>()$`\"\n\t*?[]{}~#!", *line) != NULL) {
			return -1;
		} else {
			*to++ = *line;
		}
	}
}

static bool begins_with(const struct strings *words, size_t from, const struct strings *fixed)
{
	if (words->count < from + fixed->count)
		return false;
	for (size_t i = 0; i < fixed->count; i++)
		if (strcmp(words->items[from + i], fixed->items[i]) != 0)
			return false;
	return true;
}

/* Where the caller's arguments begin in what was executed; 0: it is another definition's. */
static size_t arguments_at(const struct command *command, const struct strings *words)
{
	if (command->function != NULL)
		return words->count >= command->word_count ? command->word_count : 0;
	if (words->count == 0 || strcmp(words->items[0], command->program) != 0 ||
		!begins_with(words, 1, &command->arguments))
		return 0;
	return 1 + command->arguments.count;
}

static void add_name(struct arena *arena, const char *name, struct strings *words)
{
	const char *blank;

	for (; (blank = strchr(name, ' ')) != NULL; name = blank + 1)
		strings_add(arena, words, arena_strndup(arena, name, (size_t)(blank - name)));
	strings_add(arena, words, name);
}

static bool gives_secret(const struct command *command, const struct arguments *arguments)
{
	for (size_t i = 0; i < command->parameters.count; i++)
		if (command->parameters.items[i].secret && arguments->items[i].count > 0)
			return true;
	return false;
}

/* What was recorded is what was executed: back to what was asked for. */
static void parse_call(struct from_log *log, const struct strings *words, struct logged_call *call)
{
	const struct command *command = call->command;
	size_t at = arguments_at(command, words);
	struct refusal refusal;

	if (at == 0) {
		call->why = "its definition is another one now";
		return;
	}
	if (arguments_parse(log->arena, command, NULL, words->items + at, words->count - at,
		    &call->arguments, &refusal) < 0) {
		call->why = arena_printf(log->arena, "by its definition now: %s",
			refusal.detail == NULL ? "refused" : refusal.detail);
		return;
	}
	call->has_secret = gives_secret(command, &call->arguments);
	add_name(log->arena, command->name, &call->words);
	for (size_t i = at; i < words->count; i++)
		strings_add(log->arena, &call->words, words->items[i]);
}

static void read_call(struct from_log *log, const char *name, struct logged_call *call)
{
	struct strings words = {0};
	const struct command *command =
		name == NULL ? NULL : table_get(&log->policy->command_by_name, name);

	if (name == NULL || unquote(log->arena, call->line, &words) < 0) {
		call->why = "the event does not say what was run";
	} else if (name[0] == '/') {
		call->words = words;
	} else if (command == NULL) {
		call->why = arena_printf(log->arena, "nothing defines \"%s\" any more", name);
	} else {
		call->command = command;
		parse_call(log, &words, call);
	}
}

static void count_call(struct from_log *log, struct logged_call *call, const char *time)
{
	call->count++;
	if (time != NULL && (call->last == NULL || strcmp(time, call->last) > 0))
		call->last = arena_strdup(log->arena, time);
}

static void add_decision(struct from_log *log, const json_t *event, const char *line, bool allowed)
{
	const char *name = text_of(event, "comm"), *reason = text_of(event, "reason");
	const char *key = arena_printf(log->arena, "%c %s %s", allowed ? '+' : '-',
		allowed ? (name == NULL ? "" : name) : (reason == NULL ? "" : reason), line);
	struct logged_call *call = table_get(&log->by_line, key);

	if (call == NULL) {
		line = arena_strdup(log->arena, line);
		call = allowed ? new_call(log, &log->calls, &log->call_count, line)
			       : new_call(log, &log->refused, &log->refused_count, line);
		table_put(log->arena, &log->by_line, key, call);
		if (allowed)
			read_call(log, name == NULL ? NULL : arena_strdup(log->arena, name), call);
		else
			call->why = arena_strdup(log->arena, reason == NULL ? "refused" : reason);
	}
	count_call(log, call, text_of(event, "time"));
}

/* The way to one's own drive needs no grant. */
static bool is_drive(const struct from_log *log, const json_t *event)
{
	const char *name = text_of(event, "comm");

	return name != NULL && strcmp(name, DRIVE_COMMAND) == 0 &&
	       table_get(&log->policy->command_by_name, name) == NULL;
}

/* What the gateway ran for another run, and what people ran with others' rights, is not theirs. */
void from_log_add(struct from_log *log, const json_t *event)
{
	const char *operation = text_of(event, "op"), *user = text_of(event, "acct"),
		   *line = text_of(event, "cmd"), *result = text_of(event, "res");

	if (operation == NULL || strcmp(operation, "decision") != 0 || user == NULL ||
		result == NULL || !strings_contain(log->users, user) ||
		json_object_get(event, "for") != NULL)
		return;
	if (json_object_get(event, "actas") != NULL) {
		log->as_others++;
		return;
	}
	if (line != NULL && !is_drive(log, event))
		add_decision(log, event, line, strcmp(result, "success") == 0);
}

/* In the way of the decision, but nothing that a role says. */
static bool is_about_grants(enum reason reason)
{
	return reason == REASON_NOT_PERMITTED || reason == REASON_PARAMETER_NOT_ALLOWED ||
	       reason == REASON_VALUE_NOT_ALLOWED || reason == REASON_NO_ROLE;
}

const struct logged_call *from_log_check(
	const struct from_log *log, const struct policy *policy, const char *role)
{
	struct role_set roles = role_set_new(log->arena, policy);

	role_set_add(&roles, policy_role(policy, role));
	for (size_t i = 0; i < log->call_count; i++) {
		const struct logged_call *call = log->calls[i];
		struct decision_request request = {.policy = policy,
			.roles = &roles,
			.words = call->words.items,
			.count = call->words.count};
		struct decision decision;

		if (call->why != NULL)
			continue;
		decide(log->arena, &request, &decision);
		if (decision.verdict != VERDICT_ALLOW && is_about_grants(decision.reason))
			return call;
	}
	return NULL;
}
