/* What administrators did: loads, ends, looks at recordings, trials. */
#include "report/html.h"

static void write_act(struct html *html, const struct report_act *act)
{
	html_raw(html, "<tr>");
	html_cell(html, "date", "When (UTC)", html_time(html, act->time));
	html_cell(html, NULL, "What", act->operation);
	html_cell(html, NULL, "By", act->user);
	html_cell(html, "words", "About", act->about);
	html_cell(html, NULL, "Result", act->success ? "success" : "failed");
	html_raw(html, "</tr>\n");
}

void acts_write(struct html *html)
{
	const struct report *report = html->report;
	unsigned long count = report->act_count;
	unsigned long shown = count < REPORT_ACTS_MAX ? count : REPORT_ACTS_MAX;

	html_section(html, "acts", "What administrators did",
		"Configurations that were loaded or refused, runs and sessions that were ended, "
		"recordings that were looked at, trials.");
	if (count == 0) {
		html_raw(html, "<p>Nothing.</p>\n");
		html_section_end(html);
		return;
	}
	html_table(html, "Latest first", "When (UTC)|What|By|About|Result");
	for (unsigned long i = 0; i < shown; i++)
		write_act(html, &report->acts[(count - 1 - i) % REPORT_ACTS_MAX]);
	html_table_end(html);
	html_more(html, count, shown, "earlier one");
	html_section_end(html);
}
