#include "admin/log_cells.h"

#include <string.h>

#include "admin/log_words.h"
#include "base/text.h"

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

/* With the rights of somebody else, if that is so: the roles that are shown are that one's. */
static const char *who_cell(struct arena *arena, const struct log_row *row)
{
	const char *user = row->values[LOG_USER], *other = row->values[LOG_ACT_AS];

	if (user == NULL || other == NULL)
		return user;
	return arena_printf(arena, "%s as %s", user, other);
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

/* Where every host has its programs says nothing; any other directory does. */
static const char *line_cell(const struct log_row *row)
{
	static const char *const usual_places[] = {"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"};
	const char *line = row->values[LOG_LINE];

	for (size_t i = 0; line != NULL && i < sizeof(usual_places) / sizeof(*usual_places); i++) {
		size_t length = strlen(usual_places[i]), word = strcspn(line, " ");

		if (strncmp(line, usual_places[i], length) == 0 &&
			memchr(line + length, '/', word - length) == NULL)
			return line + length;
	}
	return line;
}

/* Who said so: roles, and whoever approved. A refusal has the roles that did not. */
static const char *by_cell(struct arena *arena, const struct log_row *row)
{
	const char *roles = row->values[LOG_ROLES], *approval = row->values[LOG_APPROVAL];
	const char *result = row->values[LOG_RESULT];

	if (row->values[LOG_EDGE] != NULL || (result != NULL && strcmp(result, "denied") == 0))
		return NULL;
	if (approval == NULL)
		return roles;
	return roles == NULL ? arena_printf(arena, "approval %s", approval)
			     : arena_printf(arena, "%s, approval %s", roles, approval);
}

struct log_cells log_cells_of(struct arena *arena, const struct log_rows *rows, size_t number)
{
	const struct log_row *row = &rows->items[number];
	const char *request = row->values[LOG_REQUEST];
	struct log_cells shown = {.bad = log_row_is_bad(row),
		.cells = {[CELL_TIME] = time_cell(arena, row),
			[CELL_WHO] = who_cell(arena, row),
			[CELL_ENDPOINT] = row->values[LOG_ENDPOINT],
			[CELL_LINE] = line_cell(row),
			[CELL_RUN_AS] = row->values[LOG_RUN_AS],
			[CELL_BY] = by_cell(arena, row),
			[CELL_OUTCOME] = outcome_cell(arena, row, rows->every),
			[CELL_TOOK] = took_cell(arena, log_row_duration(row)),
			[CELL_REQUEST] = request}};
	for (int i = 0; i < CELLS; i++) {
		const char *text = shown.cells[i] != NULL ? shown.cells[i] : "";

		shown.cells[i] = text_escape(arena, text, strlen(text));
	}
	return shown;
}
