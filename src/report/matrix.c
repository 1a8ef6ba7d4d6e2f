/* Who may do what: people by commands, with the roles behind each cell. */
#include <stdlib.h>
#include <string.h>

#include "report/html.h"

/* People in one row: one, or all with the same roles. */
struct row {
	const struct report_person *first;
	struct strings names;
	struct report_use *uses; /* by column, of all of them */
};

static void add_to_row(struct html *html, const struct report_endpoint *place, struct row *row,
	const struct report_person *person)
{
	strings_add(html->arena, &row->names, person->name);
	for (size_t i = 0; i < place->column_count; i++) {
		row->uses[i].runs += person->cells[i].use.runs;
		if (person->cells[i].use.last > row->uses[i].last)
			row->uses[i].last = person->cells[i].use.last;
	}
}

static struct row *rows_of(struct html *html, const struct report_endpoint *place, size_t *count)
{
	bool shared = place->person_count * place->column_count > REPORT_CELLS_MAX;
	struct row *rows = arena_array(html->arena, place->person_count, sizeof(*rows));
	struct table by_roles = {0};

	*count = 0;
	for (size_t i = 0; i < place->person_count; i++) {
		const struct report_person *person = &place->people[i];
		struct row *row = shared ? table_get(&by_roles, person->roles_key) : NULL;

		if (row == NULL) {
			row = &rows[(*count)++];
			*row = (struct row){.first = person,
				.uses = arena_array(
					html->arena, place->column_count, sizeof(*row->uses))};
			table_put(html->arena, &by_roles, person->roles_key, row);
		}
		add_to_row(html, place, row, person);
	}
	return rows;
}

static void write_cell(struct html *html, const struct command *command,
	const struct report_cell *cell, const struct report_use *use)
{
	if (cell->roles.count == 0) {
		html_cell(html, "no", command->name, "");
		return;
	}
	html_print(html, "<td class=\"%s\" data-label=\"", use->runs == 0 ? "unused" : "used");
	html_text(html, command->name);
	html_raw(html, "\">");
	html_text(html, strings_join(html->arena, &cell->roles, ", "));
	if (use->runs == 0)
		html_raw(html, " <span class=\"count\">not used</span></td>");
	else
		html_print(html,
			" <span class=\"count\">%lu&times;, <span class=\"date\">last "
			"%s</span></span></td>",
			use->runs, html_date(html, use->last));
}

static void write_row(struct html *html, const struct report_endpoint *place, const struct row *row)
{
	html_raw(html, "<tr><th scope=\"row\">");
	html_text(html, strings_join(html->arena, &row->names, ", "));
	html_raw(html, "</th>");
	for (size_t i = 0; i < place->column_count; i++)
		write_cell(html, place->columns[i], &row->first->cells[i], &row->uses[i]);
	html_raw(html, "</tr>\n");
}

static void write_head(struct html *html, const struct report_endpoint *place)
{
	html_raw(html,
		"<div class=\"scroll\"><table class=\"matrix\"><caption>Each cell: the roles "
		"that permit it, and how often it was run</caption><thead><tr>"
		"<th scope=\"col\">Person</th>");
	for (size_t i = 0; i < place->column_count; i++) {
		html_raw(html, "<th scope=\"col\"><code>");
		html_text(html, place->columns[i]->name);
		html_raw(html, "</code></th>");
	}
	html_raw(html, "</tr></thead><tbody>\n");
}

static void write_names(struct html *html, const char *what, const struct strings *names)
{
	if (names->count == 0)
		return;
	html_print(html, "<p class=\"about\">%s: ", what);
	html_text(html, strings_join(html->arena, names, ", "));
	html_raw(html, "</p>\n");
}

static void write_endpoint(struct html *html, const struct report_endpoint *place)
{
	struct row *rows;
	size_t count;

	html_raw(html, "<h3>Endpoint ");
	html_text(html, place->endpoint->name);
	html_raw(html, "</h3>\n");
	write_names(html, "Not known to this host", &place->unknown);
	write_names(html, "Ran something in this time, and may not now", &place->former);
	if (place->person_count == 0) {
		html_raw(html, "<p>Nobody has a role here.</p>\n");
		return;
	}
	if (place->column_count == 0) {
		html_raw(html, "<p>No role permits anything here.</p>\n");
		return;
	}
	rows = rows_of(html, place, &count);
	write_head(html, place);
	for (size_t i = 0; i < count; i++)
		write_row(html, place, &rows[i]);
	html_table_end(html);
}

void matrix_write(struct html *html)
{
	html_section(html, "who", "Who may do what",
		"As the configuration says now, with the members that this host&rsquo;s name "
		"services "
		"know. Limits on arguments are not shown: <code>rolegatectl show USER</code> has "
		"them.");
	for (size_t i = 0; i < html->report->endpoint_count; i++)
		write_endpoint(html, &html->report->endpoints[i]);
	html_section_end(html);
}
