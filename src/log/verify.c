#include "log/verify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log/verify_parts.h"

enum {
	PROGRESS_BYTES = 16 * 1024 * 1024,
	UNFINISHED_TRIES = 5,
	UNFINISHED_PAUSE = 20 * 1000, /* us */
};

const char *verify_place(const struct verify *verify)
{
	return arena_printf(verify->arena, "%s:%llu", verify->files.items[verify->file].path,
		(unsigned long long)verify->line);
}

void verify_found(
	struct verify *verify, const char *place, uint64_t sequence, const char *format, ...)
{
	va_list arguments;

	verify->result->findings++;
	if (verify->question->found == NULL)
		return;
	va_start(arguments, format);
	verify->question->found(verify->question->context, place, sequence,
		arena_vprintf(verify->arena, format, arguments));
	va_end(arguments);
}

void verify_note(struct verify *verify, const char *format, ...)
{
	va_list arguments;

	if (verify->question->note == NULL)
		return;
	va_start(arguments, format);
	verify->question->note(
		verify->question->context, arena_vprintf(verify->arena, format, arguments));
	va_end(arguments);
}

void verify_progress(struct verify *verify, const char *what, uint64_t bytes)
{
	verify->done += bytes;
	if (verify->question->progress == NULL || verify->done - verify->reported < PROGRESS_BYTES)
		return;
	verify->reported = verify->done;
	verify->question->progress(verify->question->context, what, verify->done, verify->total);
}

/* What is being written has its end in a moment; what was cut never has. */
static enum log_lines_result next_line(struct verify *verify, struct log_line *line)
{
	enum log_lines_result got = log_lines_next(&verify->lines, line);

	for (int tries = 0; got == LOG_LINES_END && line->length > 0 &&
			    verify->file + 1 == verify->files.count && tries < UNFINISHED_TRIES;
		tries++) {
		usleep(UNFINISHED_PAUSE);
		got = log_lines_next(&verify->lines, line);
	}
	return got;
}

static int read_file(struct verify *verify, const char **complaint)
{
	const struct log_file *file = &verify->files.items[verify->file];
	enum log_lines_result got;
	struct log_line line;

	log_lines_start(verify->arena, &verify->lines, file->fd, 0, 1);
	while ((got = next_line(verify, &line)) == LOG_LINES_LINE || got == LOG_LINES_LONG) {
		verify->line = line.number;
		verify->result->lines++;
		verify_progress(verify, "chain", line.length + 1);
		if (got == LOG_LINES_LONG)
			line.length = 0; /* it can't be one */
		verify_line(verify, line.text, line.length);
	}
	if (line.length > 0)
		verify->line = line.number;
	if (got == LOG_LINES_ERROR) {
		*complaint = arena_printf(verify->arena, "%s: %s", file->path, strerror(errno));
		return -1;
	}
	verify->result->bytes += line.offset;
	if (line.length > 0)
		verify_found(verify, verify_place(verify), 0,
			"the file ends in the middle of a line: %zu byte%s without a line end",
			line.length, line.length == 1 ? "" : "s");
	return 0;
}

static int read_all(struct verify *verify, const char **complaint)
{
	int result = 0;

	for (size_t i = 0; i < verify->files.count; i++)
		verify->total += verify->files.items[i].size;
	for (verify->file = 0; verify->file < verify->files.count && result == 0; verify->file++)
		result = read_file(verify, complaint);
	if (result < 0)
		return -1;
	verify->file = verify->files.count - 1;
	verify_chain_end(verify);
	verify_signatures_end(verify);
	verify_heads_end(verify);
	return verify_beside_end(verify, complaint);
}

int verify_log(struct arena *arena, const struct verify_question *question,
	struct verify_result *result, const char **complaint)
{
	struct verify verify = {.arena = arena,
		.question = question,
		.result = result,
		.chain = chain_start,
		.heads = question->heads};
	const char *path = question->path != NULL ? question->path : ROLEGATE_LOG_DIR;
	int checked = -1;

	*result = (struct verify_result){0};
	if (log_files_open(arena, path, &verify.files, complaint) == 0) {
		result->files = verify.files.count;
		verify_heads_sort(&verify);
		if (verify.files.count == 0)
			*complaint = arena_printf(arena, "%s: there is no event log in it", path);
		else if (verify_keys_load(&verify, complaint) == 0)
			checked = read_all(&verify, complaint);
	}
	verify_keys_free(&verify);
	log_files_close(&verify.files);
	return checked;
}
