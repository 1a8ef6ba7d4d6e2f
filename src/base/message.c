#include "base/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"

enum { MESSAGE_MAX = 4096 };

static const char *program_name = "rolegate";
static char last_error[MESSAGE_MAX];

void message_set_name(const char *program)
{
	program_name = program;
}

const char *message_name(void)
{
	return program_name;
}

/* No arena here: this also says that there is no memory. Lines stay lines. */
static size_t escape(char *to, size_t room, const char *from)
{
	size_t used = 0, left = strlen(from), size;
	char escaped[TEXT_ESCAPED];

	for (; left > 0 && used + sizeof(escaped) < room; from += size, left -= size) {
		size = text_escape_one(from, left, escaped);
		if (*from == '\n')
			to[used++] = '\n';
		else
			used = (size_t)(stpcpy(to + used, escaped) - to);
	}
	return used;
}

static void say(int priority, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void say(int priority, const char *format, va_list arguments)
{
	char text[MESSAGE_MAX], line[MESSAGE_MAX + 64];
	int head = 0;

	vsnprintf(text, sizeof(text), format, arguments);
	if (priority == LOG_ERR)
		memcpy(last_error, text, sizeof(last_error));
	if (getenv("JOURNAL_STREAM") != NULL)
		head = snprintf(line, sizeof(line), "<%d>", priority);
	head += snprintf(line + head, sizeof(line) - (size_t)head, "%.32s: ", program_name);
	size_t length = (size_t)head + escape(line + head, sizeof(line) - (size_t)head - 1, text);

	line[length++] = '\n';
	(void)!fd_write_all(STDERR_FILENO, line, length);
}

const char *message_last(void)
{
	return last_error[0] == '\0' ? NULL : last_error;
}

void message_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(LOG_ERR, format, arguments);
	va_end(arguments);
}

void message_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(LOG_WARNING, format, arguments);
	va_end(arguments);
}

void message_info(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(LOG_INFO, format, arguments);
	va_end(arguments);
}

void message_die(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(LOG_ERR, format, arguments);
	va_end(arguments);
	_exit(status);
}
