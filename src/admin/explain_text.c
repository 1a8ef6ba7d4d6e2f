/*
 * An explanation for a person:
 *
 *   denied: "sshd.service" is not a value that your roles allow for unit (value-not-allowed)
 *     systemctl restart sshd.service
 *                       ^^^^^^^^^^^^
 *   nearest: role web-operator grants "systemctl restart" with unit one of nginx.service, …
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/explain.h"
#include "answer/answer.h"
#include "base/text.h"
#include "policy/reason.h"

static const char *escaped(struct arena *arena, const char *text)
{
	return text_escape(arena, text, strlen(text));
}

/* In columns: one for each code point, which is right for what text_escape() leaves of most text.
 */
static size_t columns(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static void print_marks(size_t indent, size_t count)
{
	printf("  %*s%s", (int)indent, "", colour(COLOUR_RED));
	for (size_t i = 0; i < count; i++)
		putchar('^');
	printf("%s\n", colour(COLOUR_NONE));
}

/* The words as one line, and marks below the one that failed. */
static void print_words(struct arena *arena, const struct strings *words, size_t failed)
{
	size_t at = 0, begin = 0, length = 0;

	fputs("  ", stdout);
	for (size_t i = 0; i < words->count; i++) {
		const char *word = escaped(arena, line_quote(arena, words->items + i, 1));

		printf("%s%s", i > 0 ? " " : "", word);
		at += i > 0;
		if (i == failed) {
			begin = at;
			length = columns(word);
		}
		at += columns(word);
	}
	putchar('\n');
	if (length > 0)
		print_marks(begin, length);
}

/* A line that is no line: as it was typed, and a mark below the byte that ends it. */
static void print_line(struct arena *arena, const char *line, const struct line_error *error)
{
	size_t length = strlen(line);
	const char *before =
		text_escape(arena, line, error->offset < length ? error->offset : length);

	printf("  %s\n", escaped(arena, line));
	print_marks(columns(before), 1);
}

static void print_place(struct arena *arena, const struct source *source)
{
	if (source->line > 0)
		printf("(%s:%u)\n", escaped(arena, source->file), source->line);
	else
		printf("(%s)\n", escaped(arena, source->file));
}

/* What the confinement of a function follows from. */
static void print_trust(struct arena *arena, const struct decision *decision)
{
	const struct trust_verdict *trust = &decision->trust;

	if (decision->command == NULL || decision->command->function == NULL)
		return;
	printf("  trust     %s", trust_level_names[trust->level]);
	if (trust->note != NULL)
		printf(": %s", escaped(arena, trust->note));
	if (trust->note == NULL && trust->entry != NULL) {
		printf(" by %s ", trust->entry->id);
		print_place(arena, &trust->entry->source);
	} else {
		putchar('\n');
	}
}

static void print_denial(struct arena *arena, const struct explanation *explanation)
{
	const struct decision *decision = &explanation->decision;
	const char *detail = decision->detail != NULL ? decision->detail : "refused";

	printf("%sdenied%s: %s (%s)\n", colour(COLOUR_RED), colour(COLOUR_NONE),
		escaped(arena, detail), reason_code(decision->reason));
	if (explanation->error.column != 0)
		print_line(arena, explanation->line, &explanation->error);
	else
		print_words(arena, &explanation->words, decision->word);
	for (size_t i = 0; i < explanation->nearest.count; i++) {
		const struct nearest_hint *hint = &explanation->nearest.hints[i];

		printf("%s: %s ", hint->held ? "nearest" : "another role",
			escaped(arena, hint->text));
		print_place(arena, &hint->source);
	}
}

static void print_sources(struct arena *arena, const struct decision *decision)
{
	for (size_t i = 0; i < decision->source_count; i++) {
		const struct decision_source *source = &decision->sources[i];

		printf("  by role   %s", escaped(arena, source->role));
		if (source->parameter != NULL)
			printf(", parameter %s", escaped(arena, source->parameter));
		putchar(' ');
		print_place(arena, &source->source);
	}
}

static void print_confinement(struct arena *arena, const struct decision *decision)
{
	const struct confinement *confinement = decision->confinement;

	if (confinement == NULL)
		return;
	printf("  confined  by %s:\n",
		escaped(arena, strings_join(arena, &confinement->profiles, " and ")));
	fputs(escape_lines(arena, answer_confinement_text(arena, decision, 12)), stdout);
	for (size_t i = 0; i < decision->area_count; i++) {
		const struct decision_area *area = &decision->areas[i];

		printf("  area      %s by role %s ", escaped(arena, area->provider->name),
			escaped(arena, area->role));
		print_place(arena, &area->source);
	}
	if (decision->timeout > 0)
		printf("  timeout   %u s\n", decision->timeout);
}

static void print_program(struct arena *arena, const struct decision *decision)
{
	const struct function *function = decision->command->function;

	if (function == NULL) {
		printf("  program   %s\n", escaped(arena, decision->program));
		return;
	}
	printf("  function  %s\n", escaped(arena, decision->command->name));
	printf("  script    %s\n            sha256:%s\n",
		function->script.path != NULL ? escaped(arena, function->script.path)
					      : "in the configuration",
		function->script.content.digest);
}

static void print_permission(
	struct arena *arena, const struct person *person, const struct decision *decision)
{
	const char *run_as = person_run_as(person, decision);

	printf("%sallowed%s\n", colour(COLOUR_GREEN), colour(COLOUR_NONE));
	print_program(arena, decision);
	printf("  runs      %s\n",
		escaped(arena, line_quote(arena, decision->shown.items, decision->shown.count)));
	printf("  as        %s\n", run_as != NULL ? escaped(arena, run_as)
				: "nobody: no account is named, so the gateway would refuse it");
	if (person->act_as != NULL)
		printf("  rights    of %s, used by %s\n", escaped(arena, person->act_as),
			escaped(arena, person->user));
	print_trust(arena, decision);
	if (decision->profile != NULL)
		printf("  profile   %s\n", escaped(arena, decision->profile));
	print_confinement(arena, decision);
	if (decision->transcript.mode != TRANSCRIPT_OFF)
		printf("  recorded  transcript %s\n", transcript_text(decision->transcript));
	if (decision->command != NULL && decision->command->needs_terminal)
		puts("  terminal  is needed: without one it is refused");
	if (person->endpoint != NULL)
		printf("  endpoint  %s\n", escaped(arena, person->endpoint->name));
	if (explain_needs_approval(person, decision))
		puts("  approval  is needed: until then it waits, see rolegatectl pending");
	printf("  roles     %s\n", escaped(arena, strings_join(arena, &decision->roles, ", ")));
	print_sources(arena, decision);
}

void explain_print(
	struct arena *arena, const struct person *person, const struct explanation *explanation)
{
	if (explanation->decision.verdict == VERDICT_ALLOW)
		print_permission(arena, person, &explanation->decision);
	else
		print_denial(arena, explanation);
}
