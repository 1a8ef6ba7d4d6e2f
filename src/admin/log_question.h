/* What rolegatectl log is asked. */
#ifndef ROLEGATE_ADMIN_LOG_QUESTION_H
#define ROLEGATE_ADMIN_LOG_QUESTION_H

#include "admin/admin.h"
#include "log/log.h"

enum { LOG_LAST_MAX = 100 * 1000 * 1000 };

struct log_question {
	struct log_query query;
	const char *since, *until, *last, *path;
	bool follow, every, full, csv, json;
	size_t rows; /* the last so many; 0: all */
};

/* The words of the verb: 0, or -1 after a message. */
int log_question_read(
	struct arena *arena, const struct options *options, struct log_question *question);

#endif
