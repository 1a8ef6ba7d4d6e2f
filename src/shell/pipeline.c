/*
 * Only the line grammar knows what is quoted. It stops at the first "|" that is not, and so the
 * commands are found by asking it, one after the other.
 */
#include "shell/pipeline.h"

#include <stdbool.h>
#include <string.h>

/* The place, from the start of a stage to the start of the line. */
static int fail(const char *line, size_t offset, const char *reason, struct line_error *error)
{
	error->offset = offset;
	error->column = 1;
	error->reason = reason;
	for (size_t i = 0; i < offset; i++)
		error->column += ((unsigned char)line[i] & 0xc0) != 0x80;
	return -1;
}

static int fail_limit(const char *line, size_t offset, const char *reason, struct line_error *error)
{
	error->limit = 1;
	return fail(line, offset, reason, error);
}

static bool is_pipe(const char *line, size_t length, const struct line_error *error)
{
	return !error->limit && error->offset < length && line[error->offset] == '|';
}

/*
 * The words of the command at `start`, and where it ends: at a pipe, or with the line. -1: refused.
 */
static int read_stage(struct arena *arena, const char *line, size_t length, size_t start,
	size_t *end, struct strings *words, struct line_error *error)
{
	*end = length;
	if (line_split(arena, line + start, length - start, words, error) == 0)
		return 0;
	if (is_pipe(line + start, length - start, error)) {
		*end = start + error->offset;
		if (line_split(arena, line + start, *end - start, words, error) == 0)
			return 0;
	}
	return fail(line, start + error->offset, error->reason, error);
}

static int check_pipe(const char *line, size_t length, size_t start, size_t end,
	const struct strings *words, struct line_error *error)
{
	if (words->count > 0 || (start == 0 && end == length))
		return 0;
	if (start > 0 && end == start && end < length)
		return fail(line, end,
			"\"||\" would start another command in a shell; quote it to pass it on as "
			"text",
			error);
	return end < length ? fail(line, end, "there is no command before this pipe", error)
			    : fail(line, start - 1, "there is no command after this pipe", error);
}

int pipeline_split(struct arena *arena, const char *line, size_t length, struct pipeline *pipeline,
	struct line_error *error)
{
	size_t start = 0, end = 0;

	*pipeline = (struct pipeline){.count = 0};
	*error = (struct line_error){.column = 0};
	for (;; start = end + 1) {
		struct strings words;

		if (pipeline->count == PIPELINE_STAGES_MAX)
			return fail_limit(
				line, start, "the line connects more than 16 commands", error);
		if (read_stage(arena, line, length, start, &end, &words, error) < 0 ||
			check_pipe(line, length, start, end, &words, error) < 0)
			return -1;
		if (words.count > 0)
			pipeline->stages[pipeline->count++] = words;
		if (end == length)
			return 0;
	}
}

size_t pipeline_last(struct arena *arena, const char *line, size_t length)
{
	size_t start = 0;
	struct strings words;
	struct line_error error;

	for (size_t i = 0; i < PIPELINE_STAGES_MAX; i++) {
		if (line_split(arena, line + start, length - start, &words, &error) == 0 ||
			!is_pipe(line + start, length - start, &error))
			return start;
		start += error.offset + 1;
	}
	return start;
}
