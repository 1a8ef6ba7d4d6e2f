/* The page as a whole. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "report/html.h"

static void fact(struct html *html, const char *name, const char *value)
{
	html_print(html, "<div><dt>%s</dt><dd>", name);
	html_text(html, value);
	html_raw(html, "</dd></div>\n");
}

static void fact_count(struct html *html, const char *name, unsigned long count)
{
	html_print(html, "<div><dt>%s</dt><dd>%lu</dd></div>\n", name, count);
}

static const char *period(struct html *html)
{
	const struct report *report = html->report;
	int64_t from = report->since != 0 ? report->since : report->first;
	int64_t to = report->until != 0 ? report->until : report->now;

	return from == 0 ? "no events"
			 : arena_printf(html->arena, "%s to %s", html_date(html, from),
				   html_date(html, to));
}

static void write_facts(struct html *html)
{
	const struct report *report = html->report;

	html_raw(html, "<dl class=\"facts\">\n");
	fact(html, "Time", period(html));
	fact_count(html, "Runs", report->runs);
	fact_count(html, "Refusals", report->refused);
	fact_count(html, "Events read", report->events);
	fact(html, "Configuration", report->directory);
	fact(html, "Its SHA-256", arena_strndup(html->arena, report->policy->digest, 16));
	html_raw(html, "</dl>\n");
	if (report->unreadable > 0)
		html_print(html,
			"<p class=\"risk\">%lu line%s of the log could not be read: see rolegatectl "
			"verify-log.</p>\n",
			report->unreadable, html_plural(report->unreadable));
	if (report->unrecorded > 0)
		html_print(html,
			"<p class=\"risk\">%lu record%s could not be written to the log, and %s "
			"not counted here; the audit log may have %s.</p>\n",
			report->unrecorded, html_plural(report->unrecorded),
			report->unrecorded == 1 ? "is" : "are",
			report->unrecorded == 1 ? "it" : "them");
}

static void write_head(struct html *html, const char *host)
{
	html_raw(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		       "<meta name=\"color-scheme\" content=\"light dark\">\n"
		       /* Nothing is loaded, and no script would run if one were there. */
		       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		       "style-src 'unsafe-inline'\">\n<title>rolegate on ");
	html_text(html, host);
	html_raw(html, "</title>\n");
	style_write(html);
	html_raw(html, "</head>\n<body>\n<header>\n<h1>Who may do what, and who did, on ");
	html_text(html, host);
	html_print(html, "</h1>\n<p class=\"about\">Made by rolegatectl report on %s.</p>\n",
		html_date(html, html->report->now));
	html_raw(html,
		"<nav><ul><li><a href=\"#who\">Who may do what</a></li>"
		"<li><a href=\"#use\">Use</a></li>"
		"<li><a href=\"#refusals\">Refusals</a></li>"
		"<li><a href=\"#unused\">Unused</a></li><li><a href=\"#risks\">Risks</a></li>"
		"<li><a href=\"#approvals\">Approvals</a></li>"
		"<li><a href=\"#acts\">Administrators</a></li></ul></nav>\n</header>\n<main>\n");
}

int report_html(const struct report *report, FILE *to)
{
	struct html html = {.to = to, .arena = arena_new(), .report = report};
	char host[256] = "this host";

	(void)gethostname(host, sizeof(host) - 1);
	write_head(&html, host);
	write_facts(&html);
	matrix_write(&html);
	usage_write(&html);
	refusals_write(&html);
	unused_write(&html);
	risks_write(&html);
	approvals_write(&html);
	acts_write(&html);
	html_raw(&html, "</main>\n</body>\n</html>\n");
	arena_free(html.arena);
	if (fflush(to) == 0 && !ferror(to))
		return 0;
	return -1;
}
