/* Use over time, by command; refusals; approvals. */
#include <stdlib.h>
#include <string.h>

#include "report/html.h"

enum { REFUSALS_SHOWN = 50, COMMANDS_SHOWN = 200 };

static int by_runs(const void *left, const void *right)
{
	const struct report_command *a = *(const struct report_command *const *)left;
	const struct report_command *b = *(const struct report_command *const *)right;

	if (a->use.runs != b->use.runs)
		return a->use.runs < b->use.runs ? 1 : -1;
	return strcmp(a->name, b->name);
}

static void write_command(struct html *html, const struct report_command *command)
{
	html_raw(html, "<tr>");
	html_cell(html, NULL, "Command", command->name);
	html_count(html, "Runs", command->use.runs);
	html_date_cell(html, "Last", command->use.last);
	html_raw(html, "<td class=\"plot\" data-label=\"\">");
	plot_command(html, command);
	html_raw(html, "</td></tr>\n");
}

void usage_write(struct html *html)
{
	const struct report *report = html->report;

	html_section(html, "use", "How it was used", NULL);
	if (report->runs + report->refused == 0) {
		html_raw(html, "<p>Nothing was run or refused in this time.</p>\n");
		html_section_end(html);
		return;
	}
	plot_days(html);
	if (report->command_count > 0)
		qsort(report->commands, report->command_count, sizeof(*report->commands), by_runs);
	html_table(html, "Commands by number of runs", "Command|#Runs|Last|Over time");
	for (size_t i = 0; i < report->command_count && i < COMMANDS_SHOWN; i++)
		write_command(html, report->commands[i]);
	html_table_end(html);
	html_more(html, report->command_count, COMMANDS_SHOWN, "command");
	html_section_end(html);
}

static int by_count(const void *left, const void *right)
{
	const struct report_refusal *a = *(const struct report_refusal *const *)left;
	const struct report_refusal *b = *(const struct report_refusal *const *)right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return a->last < b->last ? 1 : a->last > b->last ? -1 : 0;
}

static void write_reasons(struct html *html)
{
	const struct report *report = html->report;
	unsigned long most;

	qsort(report->reasons, report->reason_count, sizeof(*report->reasons), by_count);
	most = report->reasons[0]->count;
	html_table(html, "By reason", "Reason|#Times|Last|");
	for (size_t i = 0; i < report->reason_count; i++) {
		const struct report_refusal *reason = report->reasons[i];

		html_raw(html, "<tr>");
		html_cell(html, NULL, "Reason", reason->reason);
		html_count(html, "Times", reason->count);
		html_date_cell(html, "Last", reason->last);
		html_print(html,
			"<td class=\"wide plot\" data-label=\"\"><span class=\"bar\" "
			"style=\"width:%.1f%%\"></span></td></tr>\n",
			100. * (double)reason->count / (double)most);
	}
	html_table_end(html);
}

static void write_refusal(struct html *html, const struct report_refusal *refusal)
{
	html_raw(html, "<tr>");
	html_cell(html, NULL, "Who", refusal->user);
	html_cell(html, NULL, "Endpoint", refusal->endpoint);
	html_cell(html, "words", "Asked for", refusal->words);
	html_cell(html, NULL, "Reason", refusal->reason);
	html_count(html, "Times", refusal->count);
	html_date_cell(html, "Last", refusal->last);
	html_raw(html, "</tr>\n");
}

void refusals_write(struct html *html)
{
	const struct report *report = html->report;

	html_section(html, "refusals", "Refusals", NULL);
	if (report->refused == 0) {
		html_raw(html, "<p>Nothing was refused.</p>\n");
		html_section_end(html);
		return;
	}
	write_reasons(html);
	qsort(report->refusals, report->refusal_count, sizeof(*report->refusals), by_count);
	html_table(html, "Most frequent", "Who|Endpoint|Asked for|Reason|#Times|Last");
	for (size_t i = 0; i < report->refusal_count && i < REFUSALS_SHOWN; i++)
		write_refusal(html, report->refusals[i]);
	html_table_end(html);
	html_more(html, report->refusal_count, REFUSALS_SHOWN, "different refusal");
	if (report->other_refusals > 0)
		html_print(html,
			"<p class=\"soft\">%lu further refusal%s counted, and not told "
			"apart.</p>\n",
			report->other_refusals, report->other_refusals == 1 ? " was" : "s were");
	html_section_end(html);
}

static void write_approval(struct html *html, const struct report_approval *approval)
{
	html_raw(html, "<tr>");
	html_cell(html, "date", "When (UTC)", html_time(html, approval->time));
	html_count(html, "Number", approval->number);
	html_cell(html, NULL, "What", approval->edge);
	html_cell(html, NULL, "By", approval->user);
	html_cell(html, NULL, "State", approval->success ? approval->state : "failed");
	html_cell(html, "words", "Command", approval->words);
	html_cell(html, "words", "Terms", approval->terms);
	html_cell(html, "words", "Detail", approval->detail);
	html_cell(html, "words", "Script", approval->script);
	html_raw(html, "</tr>\n");
}

void approvals_write(struct html *html)
{
	const struct report *report = html->report;
	unsigned long count = report->approval_count;
	unsigned long shown = count < REPORT_APPROVALS_MAX ? count : REPORT_APPROVALS_MAX;

	html_section(html, "approvals", "Approvals", NULL);
	if (count == 0) {
		html_raw(html, "<p>Nothing was asked for or decided.</p>\n");
		html_section_end(html);
		return;
	}
	html_table(html, "Latest first", "When (UTC)|#Number|What|By|State|Command|Terms|Detail|Script");
	for (unsigned long i = 0; i < shown; i++)
		write_approval(html, &report->approvals[(count - 1 - i) % REPORT_APPROVALS_MAX]);
	html_table_end(html);
	html_more(html, count, shown, "earlier one");
	html_section_end(html);
}
