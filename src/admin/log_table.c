/* Rows as a table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "admin/admin.h"
#include "admin/log_show.h"
#include "admin/log_words.h"
#include "base/text.h"

enum cell {
	CELL_TIME,
	CELL_WHO,
	CELL_ENDPOINT,
	CELL_LINE,
	CELL_RUN_AS,
	CELL_OUTCOME,
	CELL_TOOK,
	CELL_REQUEST,
	CELLS
};

enum {
	GAP = 2,
	LINE_LEAST = 20,    /* columns that a command line is left with */
	REQUEST_SHORT = 12, /* digits of an id: --request takes the first ones */
	UNBOUND = 0,
};

static const char *const titles[CELLS] = {
	"TIME", "WHO", "ENDPOINT", "COMMAND", "ACCOUNT", "OUTCOME", "TOOK", "REQUEST"};
/* Of rows that come one by one. */
static const size_t usual[CELLS] = {19, 10, 10, 40, 10, 20, 7, REQUEST_SHORT};

/* UTF-8 without controls: the columns of a character of several bytes, and its length. */
static size_t columns_of(const char *text, size_t *length)
{
	mbstate_t state = {0};
	wchar_t wide;
	size_t size = (unsigned char)*text < 0x80 ? 1 : mbrtowc(&wide, text, strlen(text), &state);
	int columns = 1;

	*length = size == 0 || size > 4 ? 1 : size;
	if (size > 1 && size <= 4)
		columns = wcwidth(wide);
	return columns < 0 ? 1 : (size_t)columns;
}

static size_t width_of(const char *text)
{
	size_t width = 0, length;

	for (; *text != '\0'; text += length)
		width += columns_of(text, &length);
	return width;
}

/* At most `room` columns of it, the last one an ellipsis where it is cut. */
static size_t print_fitted(const char *text, size_t room)
{
	size_t width = width_of(text), printed = 0, length;

	if (width <= room || room == UNBOUND) {
		fputs(text, stdout);
		return width;
	}
	while (*text != '\0') {
		size_t columns = columns_of(text, &length);

		if (printed + columns > room - 1)
			break;
		fwrite(text, 1, length, stdout);
		printed += columns;
		text += length;
	}
	putchar('>');
	return printed + 1;
}

static const char *time_cell(struct arena *arena, const struct log_row *row)
{
	const char *text = log_words_time(arena, row->began != 0 ? row->began : row->ended);

	return text != NULL ? text : row->values[LOG_TIME];
}

static const char *took_cell(struct arena *arena, int64_t took)
{
	if (took < 0)
		return "";
	if (took < 1000)
		return arena_printf(arena, "%d ms", (int)took);
	if (took < 100 * 1000)
		return arena_printf(arena, "%d.%d s", (int)(took / 1000), (int)(took / 100 % 10));
	if (took < 100 * 60 * 1000)
		return arena_printf(arena, "%d min", (int)(took / 60000));
	return arena_printf(arena, "%lld h", (long long)(took / 3600000));
}

/* Of an event as such: what kind it is, and what was done or came of it. */
static const char *outcome_cell(struct arena *arena, const struct log_row *row, bool every)
{
	const char *operation = row->values[LOG_OPERATION], *edge = row->values[LOG_EDGE];
	const char *outcome = log_row_outcome(arena, row);

	if (!every || operation == NULL || strcmp(operation, "end") == 0)
		return outcome;
	if (!row->has_end && row->values[LOG_REASON] != NULL)
		outcome = row->values[LOG_REASON];
	if (edge != NULL)
		outcome = log_row_is_bad(row) ? arena_printf(arena, "%s failed", edge) : edge;
	return arena_printf(arena, "%s %s", operation, outcome);
}

struct shown_row {
	const char *cells[CELLS];
	bool bad;
};

static struct shown_row show(struct arena *arena, const struct log_rows *rows, size_t number)
{
	const struct log_row *row = &rows->items[number];
	const char *request = row->values[LOG_REQUEST];
	struct shown_row shown = {.bad = log_row_is_bad(row),
		.cells = {[CELL_TIME] = time_cell(arena, row),
			[CELL_WHO] = row->values[LOG_USER],
			[CELL_ENDPOINT] = row->values[LOG_ENDPOINT],
			[CELL_LINE] = row->values[LOG_LINE],
			[CELL_RUN_AS] = row->values[LOG_RUN_AS],
			[CELL_OUTCOME] = outcome_cell(arena, row, rows->every),
			[CELL_TOOK] = took_cell(arena, log_row_duration(row)),
			[CELL_REQUEST] = request}};
	for (int i = 0; i < CELLS; i++) {
		const char *text = shown.cells[i] != NULL ? shown.cells[i] : "";

		shown.cells[i] = text_escape(arena, text, strlen(text));
	}
	return shown;
}

static void print_row(const char *const cells[CELLS], const size_t widths[CELLS], bool fitted,
	const char *outcome_colour)
{
	int last = CELLS - 1;

	while (last > 0 && (widths[last] == 0 || cells[last][0] == '\0'))
		last--;
	for (int i = 0; i <= last; i++) {
		size_t printed;

		if (widths[i] == 0)
			continue;
		if (i == CELL_OUTCOME)
			fputs(outcome_colour, stdout);
		printed = print_fitted(cells[i], fitted ? widths[i] : UNBOUND);
		if (i == CELL_OUTCOME && outcome_colour[0] != '\0')
			fputs(colour(COLOUR_NONE), stdout);
		for (; i < last && printed < widths[i] + GAP; printed++)
			putchar(' ');
	}
	putchar('\n');
}

static void print_titles(const size_t widths[CELLS], bool fitted)
{
	fputs(colour(COLOUR_BOLD), stdout);
	print_row(titles, widths, fitted, "");
	fputs(colour(COLOUR_NONE), stdout);
}

static void print_shown(const struct shown_row *shown, const size_t widths[CELLS], bool fitted)
{
	print_row(shown->cells, widths, fitted, shown->bad ? colour(COLOUR_RED) : "");
}

/* UNBOUND: it is no terminal. */
static size_t terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return UNBOUND;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

static size_t sum_of(const size_t widths[CELLS])
{
	size_t sum = 0;

	for (int i = 0; i < CELLS; i++)
		sum += widths[i] > 0 ? widths[i] + GAP : 0;
	return sum - GAP;
}

/* Narrower, what can be done without first, until it fits. */
static void fit(size_t widths[CELLS], size_t width)
{
	static const enum cell dropped[] = {CELL_ENDPOINT, CELL_RUN_AS, CELL_TOOK, CELL_REQUEST};
	static const struct {
		enum cell cell;
		size_t least;
	} narrowed[] = {{CELL_LINE, LINE_LEAST}, {CELL_OUTCOME, 12}, {CELL_WHO, 8}, {CELL_LINE, 4},
		{CELL_TIME, 10}, {CELL_OUTCOME, 4}};

	if (sum_of(widths) > width && widths[CELL_REQUEST] > REQUEST_SHORT)
		widths[CELL_REQUEST] = REQUEST_SHORT;
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
		if (sum_of(widths) - widths[CELL_LINE] + LINE_LEAST > width)
			widths[dropped[i]] = 0;
	for (size_t i = 0; i < sizeof(narrowed) / sizeof(narrowed[0]); i++) {
		size_t *cell = &widths[narrowed[i].cell], sum = sum_of(widths);
		size_t spare = *cell > narrowed[i].least ? *cell - narrowed[i].least : 0;

		if (sum > width)
			*cell -= sum - width < spare ? sum - width : spare;
	}
}

static void measure(
	struct arena *arena, const struct log_rows *rows, size_t from, size_t widths[CELLS])
{
	for (int i = 0; i < CELLS; i++)
		widths[i] = strlen(titles[i]);
	for (size_t row = from; row < rows->count; row++) {
		struct shown_row shown = show(arena, rows, row);

		for (int i = 0; i < CELLS; i++) {
			size_t width = width_of(shown.cells[i]);

			widths[i] = width > widths[i] ? width : widths[i];
		}
	}
}

void log_show_table(struct arena *arena, const struct log_rows *rows, size_t from)
{
	size_t widths[CELLS], width = terminal_width();

	if (from >= rows->count)
		return;
	measure(arena, rows, from, widths);
	if (width != UNBOUND)
		fit(widths, width);
	print_titles(widths, width != UNBOUND);
	for (size_t i = from; i < rows->count; i++) {
		struct arena *scratch = arena_new();
		struct shown_row shown = show(scratch, rows, i);

		print_shown(&shown, widths, width != UNBOUND);
		arena_free(scratch);
	}
}

void log_show_row(struct arena *arena, const struct log_rows *rows, size_t row, bool head)
{
	size_t widths[CELLS], width = terminal_width();
	struct shown_row shown = show(arena, rows, row);

	memcpy(widths, usual, sizeof(widths));
	if (width != UNBOUND)
		fit(widths, width);
	if (head)
		print_titles(widths, width != UNBOUND);
	print_shown(&shown, widths, width != UNBOUND);
}
