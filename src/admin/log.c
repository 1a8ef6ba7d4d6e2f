/* log: what happened, by who, what, when, and how it ended. */
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "admin/log_question.h"
#include "admin/log_show.h"
#include "admin/log_words.h"
#include "base/message.h"

enum { FOLLOW_PAUSE = 200 * 1000 /* us */ };

static int print_event(void *context, const struct log_event *event)
{
	(void)context;
	fwrite(event->text, 1, event->length, stdout);
	putchar('\n');
	return ferror(stdout) ? 1 : 0;
}

/* Rows for the last so many requests: as many events back as it takes to find them. */
static int collect_last(struct log *log, const struct log_question *question, struct log_rows *rows,
	const char **complaint)
{
	struct log_query query = question->query;
	struct log_rows empty = *rows;
	int result;

	if (!question->every)
		query.until = 0;
	query.limit = question->every ? question->rows : question->rows * 4;
	for (;; query.limit *= 4) {
		*rows = empty;
		result = log_each(log, &query, log_rows_add, rows, complaint);
		if (result < 0 || question->every || rows->count > question->rows ||
			rows->seen < query.limit || query.limit > LOG_LAST_MAX)
			return result;
	}
}

static int collect(struct log *log, const struct log_question *question, struct log_rows *rows,
	const char **complaint)
{
	struct log_query query = question->query;

	if (question->rows > 0)
		return collect_last(log, question, rows, complaint);
	if (!question->every)
		query.until = 0;
	return log_each(log, &query, log_rows_add, rows, complaint);
}

static void print_rows(
	struct arena *arena, const struct log_question *question, const struct log_rows *rows)
{
	size_t from = question->rows > 0 && rows->count > question->rows
			      ? rows->count - question->rows
			      : 0;

	if (question->csv)
		log_show_csv(arena, rows, from, true);
	else
		log_show_table(arena, rows, from);
}

/* A person is told that nothing is the answer; a program sees it. */
static void say_nothing(const struct log_question *question)
{
	if (!question->json && !question->csv && !question->follow && isatty(STDOUT_FILENO))
		message_info("nothing of that kind is in the log");
}

static int answer(struct arena *arena, struct log *log, const struct log_question *question,
	struct log_full *full, const char **complaint)
{
	struct log_rows rows = {
		.arena = arena, .every = question->every, .until = question->query.until};
	struct log_query query = question->query;
	int result;

	if (question->json || question->full) {
		query.limit = question->rows;
		result = log_each(log, &query, question->json ? print_event : log_full_print, full,
			complaint);
	} else {
		result = collect(log, question, &rows, complaint);
		log_words_progress_end();
		if (result >= 0)
			print_rows(arena, question, &rows);
	}
	if (result == 0 && rows.count == 0 && !full->begun)
		say_nothing(question);
	return result;
}

/* A line when something began or was refused, and one when it ended. */
static int print_following(void *context, const struct log_event *event)
{
	const struct log_question *question = context;
	struct arena *arena = arena_new();
	struct log_rows rows = {.arena = arena, .every = question->every};

	(void)log_rows_add(&rows, event);
	if (rows.count > 0 && question->csv)
		log_show_csv(arena, &rows, 0, false);
	else if (rows.count > 0)
		log_show_row(arena, &rows, 0);
	arena_free(arena);
	return 0;
}

static int follow(struct log *log, const struct log_question *question, struct log_full *full,
	const char **complaint)
{
	const struct log_query *query = &question->query;
	int result = 0;

	while (result == 0 && fflush(stdout) == 0) {
		usleep(FOLLOW_PAUSE);
		if (question->json)
			result = log_more(log, query, print_event, NULL, complaint);
		else if (question->full)
			result = log_more(log, query, log_full_print, full, complaint);
		else
			result = log_more(
				log, query, print_following, (void *)(uintptr_t)question, complaint);
	}
	return result;
}

int log_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct log_full full = {.arena = arena};
	struct log_question question;
	const char *complaint = NULL;
	struct log *log = NULL;
	int result = -1;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if (log_question_read(arena, options, &question) == 0)
		log = log_open(arena, question.path, true, &complaint);
	if (log != NULL) {
		log_set_hooks(log, &log_words_hooks);
		result = answer(arena, log, &question, &full, &complaint);
		if (result == 0 && question.follow)
			result = follow(log, &question, &full, &complaint);
	}
	log_words_progress_end();
	if (complaint != NULL)
		message_error("%s", complaint);
	log_close(log);
	arena_free(arena);
	return result >= 0 ? ADMIN_OK : ADMIN_WRONG;
}
