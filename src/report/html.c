#include "report/html.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

void html_raw(struct html *html, const char *markup)
{
	fputs(markup, html->to);
}

void html_print(struct html *html, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(html->to, format, arguments);
	va_end(arguments);
}

static const char *entity(char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_text(struct html *html, const char *text)
{
	struct arena *scratch = arena_new();

	for (const char *byte = text_escape(scratch, text, strlen(text)); *byte != '\0'; byte++) {
		const char *escaped = entity(*byte);

		if (escaped != NULL)
			fputs(escaped, html->to);
		else
			fputc(*byte, html->to);
	}
	arena_free(scratch);
}

static void open_cell(struct html *html, const char *class, const char *label)
{
	html_raw(html, "<td");
	if (class != NULL)
		html_print(html, " class=\"%s\"", class);
	html_raw(html, " data-label=\"");
	html_text(html, label);
	html_raw(html, "\">");
}

void html_cell(struct html *html, const char *class, const char *label, const char *text)
{
	open_cell(html, class, label);
	html_text(html, text);
	html_raw(html, "</td>");
}

void html_count(struct html *html, const char *label, unsigned long count)
{
	open_cell(html, "number", label);
	html_print(html, "%lu</td>", count);
}

void html_date_cell(struct html *html, const char *label, int64_t milliseconds)
{
	html_cell(html, "date", label, html_date(html, milliseconds));
}

const char *html_plural(unsigned long count)
{
	return count == 1 ? "" : "s";
}

const char *html_time(struct html *html, int64_t milliseconds)
{
	time_t seconds = (time_t)(milliseconds / 1000);
	char text[32];
	struct tm parts;

	if (milliseconds == 0 || gmtime_r(&seconds, &parts) == NULL ||
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &parts) == 0)
		return "never";
	return arena_strdup(html->arena, text);
}

const char *html_date(struct html *html, int64_t milliseconds)
{
	const char *time = html_time(html, milliseconds), *end = strchr(time, ' ');

	return end == NULL ? time : arena_strndup(html->arena, time, (size_t)(end - time));
}

void html_section(struct html *html, const char *id, const char *title, const char *about)
{
	html_print(html, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
	if (about != NULL)
		html_print(html, "<p class=\"about\">%s</p>\n", about);
}

void html_section_end(struct html *html)
{
	html_raw(html, "</section>\n");
}

void html_table(struct html *html, const char *caption, const char *headings)
{
	html_raw(html, "<div class=\"scroll\"><table><caption>");
	html_text(html, caption);
	html_raw(html, "</caption><thead><tr>");
	for (;;) {
		size_t length = strcspn(headings, "|");

		/* What is counted stands to the right. */
		html_raw(html, headings[0] == '#' ? "<th scope=\"col\" class=\"number\">"
						  : "<th scope=\"col\">");
		if (headings[0] == '#') {
			headings++;
			length--;
		}
		html_text(html, arena_strndup(html->arena, headings, length));
		html_raw(html, "</th>");
		if (headings[length] == '\0')
			break;
		headings += length + 1;
	}
	html_raw(html, "</tr></thead><tbody>\n");
}

void html_table_end(struct html *html)
{
	html_raw(html, "</tbody></table></div>\n");
}

void html_more(struct html *html, size_t count, size_t shown, const char *what)
{
	if (count > shown)
		html_print(html, "<p class=\"soft\">%zu more %s%s not shown.</p>\n", count - shown,
			what, count - shown == 1 ? " is" : "s are");
}
