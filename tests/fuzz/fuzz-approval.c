/*
 * The words for the approval queue; and the difference of two texts, which has to make the second
 * one of the first. An input is words, one a line; or, with a 0x01 in it, the texts before and
 * after it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "approval/danger.h"
#include "approval/diff.h"
#include "approval/verb_words.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_accepted(const struct verb_words *parsed)
{
	const struct approval_decision *decision = &parsed->decision;

	check(parsed->kind >= VERB_LIST && parsed->kind <= VERB_REVOKE);
	check((decision->number > 0) == (parsed->kind != VERB_LIST));
	check((decision->reason != NULL) == (parsed->kind >= VERB_APPROVE));
	check(!(decision->reject && decision->revoke));
	check(decision->lasts >= 0 && decision->lasts <= APPROVAL_LASTS_MAX);
	check(parsed->limit > 0 && parsed->limit <= VERB_LIMIT_MAX);
	if (parsed->kind != VERB_APPROVE)
		check(decision->lasts == 0 && !decision->once && !decision->as_caller_only &&
			decision->role == NULL);
	if (decision->reason != NULL)
		check(strlen(decision->reason) <= APPROVAL_REASON_MAX &&
			text_refused(decision->reason, strlen(decision->reason)) ==
				strlen(decision->reason));
	if (decision->role != NULL)
		check(text_is_name(decision->role));
}

static void try_words(struct arena *arena, char *text)
{
	struct strings words = {0};
	struct verb_words parsed;
	const char *complaint = NULL;

	for (char *word; (word = strsep(&text, "\n")) != NULL;)
		strings_add(arena, &words, word);
	if (verb_words_parse(arena, &words, &parsed, &complaint) == 0)
		check_accepted(&parsed);
	else
		check(complaint != NULL &&
			text_refused(complaint, strlen(complaint)) == strlen(complaint));
}

static size_t line_length(const char *text)
{
	size_t length = strcspn(text, "\n");

	return length + (text[length] == '\n');
}

/* Walks both texts along the hunks; what is between them is the same. */
static void check_diff(const struct diff *diff, const char *before, const char *after)
{
	size_t removed = 0, added = 0;

	for (size_t i = 0; i < diff->count; i++) {
		const struct diff_line *line = &diff->lines[i];
		size_t length = line->length + !line->no_newline;

		if (line->mark == '@')
			continue;
		/* Up to the hunk. */
		while (diff->lines[i - 1].mark == '@' && *before != '\0' && *after != '\0' &&
			(line->mark == '+' ? after : before) != line->text) {
			check(line_length(before) == line_length(after) &&
				memcmp(before, after, line_length(before)) == 0);
			before += line_length(before);
			after += line_length(after);
		}
		if (line->mark != '+') {
			check(length == line_length(before) &&
				memcmp(before, line->text, length) == 0);
			before += length;
		}
		if (line->mark != '-') {
			check(length == line_length(after) &&
				memcmp(after, line->text, length) == 0);
			after += length;
		}
		removed += line->mark == '-';
		added += line->mark == '+';
	}
	check(strcmp(before, after) == 0);
	check(removed == diff->removed && added == diff->added);
}

static void try_texts(struct arena *arena, const char *before, const char *after)
{
	struct diff diff;

	if (diff_lines(arena, before, after, &diff) == 0) {
		check_diff(&diff, before, after);
		check((diff.count == 0) == (strcmp(before, after) == 0));
	}
	if (text_is_utf8(after, strlen(after))) {
		struct danger danger = danger_find(arena, after);

		for (size_t i = 1; i < danger.count; i++)
			check(danger.findings[i - 1].line <= danger.findings[i].line);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	char *text = arena_strndup(arena, (const char *)data, strnlen((const char *)data, size));
	char *second = strchr(text, 1);

	if (second != NULL) {
		*second++ = '\0';
		try_texts(arena, text, second);
	} else {
		try_words(arena, text);
	}
	arena_free(arena);
	return 0;
}
