#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"

/* A copy, because the policy's arena may go before the problems do. */
static const char *copy_file(const struct problems *problems, const char *file)
{
	const char *before =
		problems->count == 0 ? NULL : problems->items[problems->count - 1].file;

	if (file == NULL || (before != NULL && strcmp(before, file) == 0))
		return file == NULL ? NULL : before;
	return arena_strdup(problems->arena, file);
}

static void append(struct problems *problems, struct problem problem)
{
	problems->items = arena_grow(
		problems->arena, problems->items, problems->count, sizeof(*problems->items));
	problems->items[problems->count++] = problem;
}

void problem_add(struct problems *problems, enum problem_level level, struct source source,
	const char *format, ...)
{
	bool error = level == PROBLEM_ERROR;
	size_t *seen = error ? &problems->errors : &problems->warnings;
	va_list arguments;
	const char *text;

	if (++*seen > PROBLEMS_MAX + 1)
		return;
	if (*seen == PROBLEMS_MAX + 1) {
		text = arena_printf(problems->arena, "more than %d %s; the rest is not shown",
			PROBLEMS_MAX, error ? "errors" : "warnings");
		append(problems, (struct problem){.level = level, .text = text});
		return;
	}
	va_start(arguments, format);
	text = arena_vprintf(problems->arena, format, arguments);
	va_end(arguments);
	append(problems,
		(struct problem){level, copy_file(problems, source.file), source.line, text});
}

static int compare(const void *left, const void *right)
{
	const struct problem *a = left, *b = right;
	int order;

	if (a->file == NULL || b->file == NULL)
		return (a->file == NULL) - (b->file == NULL);
	order = strcmp(a->file, b->file);
	return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

/* A merge sort by hand: qsort(3) promises no order of equals. */
static void merge_halves(struct problem *items, size_t middle, size_t count, struct problem *spare)
{
	size_t left = 0, right = middle;

	for (size_t i = 0; i < count; i++) {
		bool take_left = left < middle &&
				 (right == count || compare(&items[left], &items[right]) <= 0);

		spare[i] = items[take_left ? left++ : right++];
	}
	memcpy(items, spare, count * sizeof(*items));
}

static void sort(struct problem *items, size_t count, struct problem *spare)
{
	size_t middle = count / 2;

	if (count < 2)
		return;
	sort(items, middle, spare);
	sort(items + middle, count - middle, spare);
	merge_halves(items, middle, count, spare);
}

void problems_sort(struct problems *problems)
{
	struct problem *spare;

	if (problems->count < 2)
		return;
	spare = arena_array(problems->arena, problems->count, sizeof(*spare));
	sort(problems->items, problems->count, spare);
}

char *problem_text(struct arena *arena, const struct problem *problem)
{
	const char *text;

	if (problem->file == NULL)
		text = problem->text;
	else if (problem->line == 0)
		text = arena_printf(arena, "%s: %s", problem->file, problem->text);
	else
		text = arena_printf(
			arena, "%s:%u: %s", problem->file, problem->line, problem->text);
	return text_escape(arena, text, strlen(text));
}
