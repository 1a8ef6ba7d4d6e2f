/* Runs and refusals over time, drawn as SVG. */
#include "report/html.h"

enum {
	BARS_MAX = 60,
	WIDTH = 720,
	HEIGHT = 180,
	LEFT = 48,
	BOTTOM = 24,
	TOP = 12,
	SMALL_WIDTH = 128,
	SMALL_HEIGHT = 24,
	DAY = 24 * 60 * 60 * 1000,
};

struct bars {
	unsigned long allowed[BARS_MAX], refused[BARS_MAX], most;
	size_t count, days; /* days a bar */
};

static struct bars bars_new(const struct report *report)
{
	struct bars bars = {.days = 1};

	while ((report->day_count + bars.days - 1) / bars.days > BARS_MAX)
		bars.days++;
	bars.count = (report->day_count + bars.days - 1) / bars.days;
	return bars;
}

static void measure(struct bars *bars)
{
	bars->most = 1;
	for (size_t i = 0; i < bars->count; i++)
		if (bars->allowed[i] + bars->refused[i] > bars->most)
			bars->most = bars->allowed[i] + bars->refused[i];
}

static int height_of(const struct bars *bars, unsigned long count, int height)
{
	int result = (int)((double)count * height / (double)bars->most);

	return count > 0 && result < 1 ? 1 : result;
}

static void bar(struct html *html, const char *class, double x, int y, double width, int height)
{
	if (height > 0)
		html_print(html,
			"<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
			class, x, y, width, height);
}

static void axis(struct html *html, const struct bars *bars)
{
	const struct report *report = html->report;
	int floor = HEIGHT - BOTTOM;
	size_t last = report->day_count == 0 ? 0 : report->day_count - 1;

	html_print(
		html, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, floor, WIDTH, floor);
	html_print(html, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, TOP, WIDTH, TOP);
	html_print(html, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%lu</text>", LEFT - 6,
		TOP + 4, bars->most);
	html_print(
		html, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>", LEFT - 6, floor + 4);
	html_print(html, "<text x=\"%d\" y=\"%d\">%s</text>", LEFT, HEIGHT - 6,
		html_date(html, report->first_day * DAY));
	html_print(html, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", WIDTH, HEIGHT - 6,
		html_date(html, (report->first_day + (int64_t)last) * DAY));
}

static void legend(struct html *html, const struct bars *bars)
{
	html_raw(html, "<p class=\"soft\"><span class=\"key run\"></span>run &nbsp; "
		       "<span class=\"key refused\"></span>refused &nbsp; one bar is ");
	if (bars->days == 1)
		html_raw(html, "a day (UTC)</p>\n");
	else
		html_print(html, "%zu days (UTC)</p>\n", bars->days);
}

void plot_days(struct html *html)
{
	const struct report *report = html->report;
	struct bars bars = bars_new(report);
	int room = HEIGHT - BOTTOM - TOP;
	double step;

	for (size_t i = 0; i < report->day_count; i++) {
		bars.allowed[i / bars.days] += report->days[i].allowed;
		bars.refused[i / bars.days] += report->days[i].refused;
	}
	measure(&bars);
	step = (double)(WIDTH - LEFT) / (double)(bars.count == 0 ? 1 : bars.count);
	html_print(html,
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%lu run%s and %lu refusal%s "
		"over %zu day%s; the highest bar is %lu\">",
		WIDTH, HEIGHT, report->runs, html_plural(report->runs), report->refused,
		html_plural(report->refused), report->day_count, html_plural(report->day_count),
		bars.most);
	axis(html, &bars);
	for (size_t i = 0; i < bars.count; i++) {
		int allowed = height_of(&bars, bars.allowed[i], room);
		int refused = height_of(&bars, bars.refused[i], room);
		double x = LEFT + step * (double)i + step * .1;

		bar(html, "run", x, HEIGHT - BOTTOM - allowed, step * .8, allowed);
		bar(html, "refused", x, HEIGHT - BOTTOM - allowed - refused, step * .8, refused);
	}
	html_raw(html, "</svg>\n");
	legend(html, &bars);
}

void plot_command(struct html *html, const struct report_command *command)
{
	struct bars bars = bars_new(html->report);
	double step = (double)SMALL_WIDTH / (double)(bars.count == 0 ? 1 : bars.count);

	for (size_t i = 0; i < command->day_room && i < html->report->day_count; i++)
		bars.allowed[i / bars.days] += command->days[i];
	measure(&bars);
	html_print(html,
		"<svg class=\"small\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"runs over "
		"time; at most %lu\">",
		SMALL_WIDTH, SMALL_HEIGHT, bars.most);
	for (size_t i = 0; i < bars.count; i++) {
		int height = height_of(&bars, bars.allowed[i], SMALL_HEIGHT);

		bar(html, "run", step * (double)i, SMALL_HEIGHT - height, step * .8, height);
	}
	html_raw(html, "</svg>");
}
