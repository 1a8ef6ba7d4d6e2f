/* Permissions that nobody uses, and those that deserve a look. */
#include <string.h>

#include "report/html.h"

enum { NAMES_SHOWN = 12 };

/* The first of them, and how many more there are. */
static const char *names_text(struct html *html, const struct strings *names)
{
	struct strings first = *names;

	if (names->count <= NAMES_SHOWN)
		return strings_join(html->arena, names, ", ");
	first.count = NAMES_SHOWN;
	return arena_printf(html->arena, "%s and %zu more", strings_join(html->arena, &first, ", "),
		names->count - NAMES_SHOWN);
}

static void write_unused(struct html *html, const struct report_unused *unused)
{
	html_raw(html, "<tr>");
	html_cell(html, NULL, "Role", unused->role);
	html_cell(html, NULL, "Command", unused->command->name);
	html_cell(html, NULL, "Endpoint", unused->endpoint->name);
	html_cell(html, NULL, "Who could", names_text(html, &unused->holders));
	html_cell(html, NULL, "Granted at",
		arena_printf(html->arena, "%s:%u", unused->source.file, unused->source.line));
	html_raw(html, "</tr>\n");
}

void unused_write(struct html *html)
{
	struct report_unused *unused;
	size_t count = report_unused(html->arena, html->report, &unused);

	html_section(html, "unused", "Unused permissions",
		"What a role permits, and none of the people who have it ran in this time.");
	if (count == 0) {
		html_raw(html, "<p>Every permission was used by somebody.</p>\n");
		html_section_end(html);
		return;
	}
	html_table(html, "By command", "Role|Command|Endpoint|Who could|Granted at");
	for (size_t i = 0; i < count; i++)
		write_unused(html, &unused[i]);
	html_table_end(html);
	html_section_end(html);
}

static void write_risk(struct html *html, const struct report_endpoint *place, size_t column,
	const struct strings *risks)
{
	struct strings people = report_who_may(html->arena, place, column);

	html_raw(html, "<tr>");
	html_cell(html, NULL, "Command", place->columns[column]->name);
	html_cell(html, NULL, "Endpoint", place->endpoint->name);
	html_raw(html, "<td data-label=\"Why\">");
	for (size_t i = 0; i < risks->count; i++) {
		html_raw(html, "<span class=\"risk\">");
		html_text(html, risks->items[i]);
		html_raw(html, "</span>");
	}
	html_raw(html, "</td>");
	html_cell(html, NULL, "Who may", names_text(html, &people));
	html_raw(html, "</tr>\n");
}

static size_t risks_of(struct html *html, const struct report_endpoint *place)
{
	size_t count = 0;

	for (size_t i = 0; i < place->column_count; i++) {
		struct strings risks = report_risks(
			html->arena, html->report->policy, place->endpoint, place->columns[i]);

		if (risks.count == 0)
			continue;
		if (count++ == 0)
			html_table(html,
				arena_printf(html->arena, "Endpoint %s", place->endpoint->name),
				"Command|Endpoint|Why|Who may");
		write_risk(html, place, i, &risks);
	}
	if (count > 0)
		html_table_end(html);
	return count;
}

static void write_warnings(struct html *html, const struct problems *warnings)
{
	html_print(
		html, "<h3>Warnings of rolegatectl check (%zu)</h3>\n<ul>\n", warnings->warnings);
	for (size_t i = 0; i < warnings->count; i++) {
		html_raw(html, "<li>");
		html_text(html, problem_text(html->arena, &warnings->items[i]));
		html_raw(html, "</li>\n");
	}
	html_raw(html, "</ul>\n");
}

void risks_write(struct html *html)
{
	const struct report *report = html->report;
	size_t count = 0;

	html_section(html, "risks", "Risky grants",
		"What reaches further than one program with checked arguments, and who may run "
		"it.");
	for (size_t i = 0; i < report->endpoint_count; i++)
		count += risks_of(html, &report->endpoints[i]);
	if (count == 0)
		html_raw(html, "<p>None.</p>\n");
	if (report->warnings != NULL && report->warnings->count > 0)
		write_warnings(html, report->warnings);
	html_section_end(html);
}
