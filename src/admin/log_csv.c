/* Rows for spreadsheets: https://www.rfc-editor.org/rfc/rfc4180 */
#include <stdio.h>
#include <string.h>

#include "admin/log_show.h"
#include "base/text.h"

static const struct {
	enum log_column column; /* LOG_COLUMNS: how long it took */
	const char *name;
} columns[] = {{LOG_TIME, "time"}, {LOG_OPERATION, "operation"}, {LOG_USER, "user"},
	{LOG_ENDPOINT, "endpoint"}, {LOG_COMMAND, "command"}, {LOG_LINE, "line"},
	{LOG_RUN_AS, "account"}, {LOG_ROLES, "roles"}, {LOG_RESULT, "result"},
	{LOG_REASON, "reason"}, {LOG_STATUS, "status"}, {LOG_SIGNAL, "signal"},
	{LOG_ENDED, "ended"}, {LOG_REQUEST, "request"}, {LOG_COLUMNS, "milliseconds"},
	{LOG_PIPELINE, "pipeline"}, {LOG_SESSION, "session"}, {LOG_LOGIN, "login_session"},
	{LOG_TRANSCRIPT, "transcript"}, {LOG_APPROVAL, "approval"}, {LOG_GRANT, "grant"},
	{LOG_ACT_AS, "act_as"}};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/*
 * Spreadsheets run what begins so, quoted or not:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
static bool is_formula(const char *text)
{
	return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

/* What a terminal would obey is written out, but for line ends, which cells may have. */
static void put_harmless(const char *text)
{
	char escaped[TEXT_ESCAPED];

	for (size_t left = strlen(text), size; left > 0; text += size, left -= size) {
		size = text_escape_one(text, left, escaped);
		if (*text == '"')
			putchar('"');
		fputs(*text == '\n' ? "\n" : escaped, stdout);
	}
}

static void put_cell(const char *text)
{
	bool formula = is_formula(text);
	bool quoted = formula || text[strcspn(text, ",\"\r\n'")] != '\0';

	if (quoted)
		putchar('"');
	if (formula)
		putchar('\'');
	put_harmless(text);
	if (quoted)
		putchar('"');
}

static void put_names(void)
{
	for (size_t i = 0; i < COLUMNS; i++)
		printf("%s%s", i == 0 ? "" : ",", columns[i].name);
	fputs("\r\n", stdout);
}

static void put_column(const struct log_row *row, enum log_column column)
{
	int64_t took = column == LOG_COLUMNS ? log_row_duration(row) : -1;

	if (took >= 0)
		printf("%lld", (long long)took);
	else if (column != LOG_COLUMNS && row->values[column] != NULL)
		put_cell(row->values[column]);
}

void log_show_csv(struct arena *arena, const struct log_rows *rows, size_t from, bool head)
{
	(void)arena;
	if (head)
		put_names();
	for (size_t row = from; row < rows->count; row++) {
		for (size_t i = 0; i < COLUMNS; i++) {
			if (i > 0)
				putchar(',');
			put_column(&rows->items[row], columns[i].column);
		}
		fputs("\r\n", stdout);
	}
}
