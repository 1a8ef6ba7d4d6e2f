/* Rows as a table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "admin/admin.h"
#include "admin/log_cells.h"
#include "admin/log_show.h"

enum {
	GAP = 2,
	LINE_LEAST = 20,   /* columns that a command line is left with, of a narrow terminal */
	LINE_PART = 4,	   /* and of a wide one this part */
	REQUEST_SHORT = 8, /* digits of an id: --request takes the first ones */
	YEAR = sizeof("2026-") - 1,
	UNBOUND = 0, /* no terminal */
};

static const char *const titles[CELLS] = {"TIME", "WHO", "ENDPOINT", "COMMAND", "ACCOUNT",
	"GRANTED BY", "OUTCOME", "TOOK", "REQUEST"};
/* Of rows that come one by one. */
static const size_t usual[CELLS] = {19, 10, 10, 40, 10, 14, 20, 7, REQUEST_SHORT};

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

/* Without a mark where it is cut, since it is there to be copied. */
static size_t print_request(const char *text, size_t room)
{
	size_t length = strnlen(text, room);

	fwrite(text, 1, length, stdout);
	return length;
}

/* How wide what is, on this terminal. */
struct layout {
	size_t widths[CELLS]; /* 0: left out */
	bool fitted;	      /* it is one, and what is wider is cut */
	size_t year;	      /* bytes of a time that are left out */
};

static size_t print_cell(const struct layout *layout, enum cell cell, const char *text)
{
	if (!layout->fitted)
		return print_fitted(text, UNBOUND);
	if (cell == CELL_REQUEST)
		return print_request(text, layout->widths[cell]);
	if (cell == CELL_TIME && strlen(text) > layout->year)
		text += layout->year;
	return print_fitted(text, layout->widths[cell]);
}

static void print_row(
	const struct layout *layout, const char *const cells[CELLS], const char *outcome_colour)
{
	const size_t *widths = layout->widths;
	int last = CELLS - 1;

	while (last > 0 && (widths[last] == 0 || cells[last][0] == '\0'))
		last--;
	for (int i = 0; i <= last; i++) {
		size_t printed;

		if (widths[i] == 0)
			continue;
		if (i == CELL_OUTCOME)
			fputs(outcome_colour, stdout);
		printed = print_cell(layout, (enum cell)i, cells[i]);
		if (i == CELL_OUTCOME && outcome_colour[0] != '\0')
			fputs(colour(COLOUR_NONE), stdout);
		for (; i < last && printed < widths[i] + GAP; printed++)
			putchar(' ');
	}
	putchar('\n');
}

/* The year that is left out of the times stands here. */
static void print_titles(struct arena *arena, const struct layout *layout, const char *time)
{
	struct layout whole = *layout;
	const char *cells[CELLS];

	memcpy(cells, titles, sizeof(cells));
	whole.year = 0;
	if (layout->fitted && layout->year > 0)
		cells[CELL_TIME] = arena_printf(arena, "%.4s", time);
	fputs(colour(COLOUR_BOLD), stdout);
	print_row(&whole, cells, "");
	fputs(colour(COLOUR_NONE), stdout);
}

static void print_shown(const struct layout *layout, const struct log_cells *shown)
{
	print_row(layout, shown->cells, shown->bad ? colour(COLOUR_RED) : "");
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

struct limit {
	enum cell cell;
	size_t columns;
};

/* What is longer than most can be cut before another column goes. */
static void cut_long(size_t widths[CELLS], size_t width, size_t least)
{
	static const struct limit limits[] = {{CELL_REQUEST, REQUEST_SHORT}, {CELL_BY, 16},
		{CELL_OUTCOME, 20}, {CELL_WHO, 16}, {CELL_ENDPOINT, 12}};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (sum_of(widths) - widths[CELL_LINE] + least > width &&
			widths[limits[i].cell] > limits[i].columns)
			widths[limits[i].cell] = limits[i].columns;
}

/* Narrower, what can be done without first, until it fits. */
static void fit(size_t widths[CELLS], size_t width)
{
	static const enum cell dropped[] = {
		CELL_TOOK, CELL_ENDPOINT, CELL_RUN_AS, CELL_BY, CELL_REQUEST};
	static const struct limit narrowed[] = {{CELL_LINE, LINE_LEAST}, {CELL_OUTCOME, 12},
		{CELL_WHO, 8}, {CELL_LINE, 4}, {CELL_TIME, 10}, {CELL_OUTCOME, 4}};
	size_t least = width / LINE_PART > LINE_LEAST ? width / LINE_PART : LINE_LEAST;

	if (least > widths[CELL_LINE])
		least = widths[CELL_LINE];
	cut_long(widths, width, least);
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
		if (sum_of(widths) - widths[CELL_LINE] + least > width)
			widths[dropped[i]] = 0;
	for (size_t i = 0; i < sizeof(narrowed) / sizeof(narrowed[0]); i++) {
		size_t *cell = &widths[narrowed[i].cell], sum = sum_of(widths);
		size_t spare = *cell > narrowed[i].columns ? *cell - narrowed[i].columns : 0;

		if (sum > width)
			*cell -= sum - width < spare ? sum - width : spare;
	}
}

/* `year`: all times have the same, so that it can be said once. */
static void fit_layout(struct layout *layout, bool year)
{
	size_t width = terminal_width();

	layout->fitted = width != UNBOUND;
	if (!layout->fitted)
		return;
	if (year && layout->widths[CELL_TIME] > YEAR && sum_of(layout->widths) > width) {
		layout->year = YEAR;
		layout->widths[CELL_TIME] -= YEAR;
	}
	fit(layout->widths, width);
}

/* Widths, and whether all times are of one year. */
static bool measure(
	struct arena *arena, const struct log_rows *rows, size_t from, size_t widths[CELLS])
{
	const char *first = NULL;
	bool same = true;

	for (int i = 0; i < CELLS; i++)
		widths[i] = strlen(titles[i]);
	for (size_t row = from; row < rows->count; row++) {
		struct log_cells shown = log_cells_of(arena, rows, row);

		for (int i = 0; i < CELLS; i++) {
			size_t width = width_of(shown.cells[i]);

			widths[i] = width > widths[i] ? width : widths[i];
		}
		first = first == NULL ? shown.cells[CELL_TIME] : first;
		same = same && strncmp(first, shown.cells[CELL_TIME], YEAR) == 0;
	}
	return same;
}

void log_show_table(struct arena *arena, const struct log_rows *rows, size_t from)
{
	struct layout layout = {.year = 0};

	if (from >= rows->count)
		return;
	fit_layout(&layout, measure(arena, rows, from, layout.widths));
	print_titles(arena, &layout, log_cells_of(arena, rows, from).cells[CELL_TIME]);
	for (size_t i = from; i < rows->count; i++) {
		struct arena *scratch = arena_new();
		struct log_cells shown = log_cells_of(scratch, rows, i);

		print_shown(&layout, &shown);
		arena_free(scratch);
	}
}

void log_show_row(struct arena *arena, const struct log_rows *rows, size_t row)
{
	struct log_cells shown = log_cells_of(arena, rows, row);
	struct layout layout = {.year = 0};

	memcpy(layout.widths, usual, sizeof(usual));
	fit_layout(&layout, false);
	print_shown(&layout, &shown);
}
