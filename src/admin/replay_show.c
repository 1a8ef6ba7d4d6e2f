/* A recording's text on a terminal: readable, and nothing that the terminal obeys (R32). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "admin/replay.h"
#include "base/text.h"

/* Escaped but for line ends and tabs; a CR is only shown when no LF follows it. */
static void put_escaped(struct replay_show *show, const char *text, size_t length)
{
	struct arena *arena = arena_new();

	for (size_t i = 0, run; i < length; i += run) {
		if (text[i] == '\n' || text[i] == '\t') {
			run = 1;
			putchar(text[i]);
			show->at_start = text[i] == '\n';
			show->return_held = false;
			continue;
		}
		if (show->return_held)
			fputs("\\x0d", stdout);
		show->return_held = text[i] == '\r';
		for (run = show->return_held; !show->return_held && i + run < length &&
					      text[i + run] != '\r' &&
					      !text_is_layout(text[i + run]);)
			run++;
		if (!show->return_held)
			fputs(text_escape(arena, text + i, run), stdout);
		show->at_start = false;
	}
	arena_free(arena);
}

static void put_stream(struct replay_show *show, const struct recording_event *event)
{
	bool error = event->code == 'e' && !show->raw;

	if (error)
		fputs(colour(COLOUR_RED), stdout);
	if (show->raw)
		fwrite(event->text, 1, event->length, stdout);
	else
		put_escaped(show, event->text, event->length);
	if (error)
		fputs(colour(COLOUR_NONE), stdout);
}

static void put_note(
	struct replay_show *show, const char *what, const struct recording_event *event)
{
	struct arena *arena = arena_new();

	show->return_held = false;
	printf("%s%s[%s%s]%s", show->at_start ? "" : "\n", colour(COLOUR_YELLOW), what,
		text_escape(arena, event->text, event->length), colour(COLOUR_NONE));
	fputs(show->raw ? "\r\n" : "\n", stdout);
	show->at_start = true;
	arena_free(arena);
}

/*
 * A mark stands twice in a recording: as the recorder's word, which nobody else can say, and as
 * output, for players that know no marks.
 */
static bool repeats_mark(struct replay_show *show, const struct recording_event *event)
{
	const char *mark = show->mark;
	bool same;

	show->mark = NULL;
	if (mark == NULL || (event->code != 'o' && event->code != 'e'))
		return false;
	same = event->length == strlen(mark) && memcmp(event->text, mark, event->length) == 0;
	return same;
}

static void take_mark(struct replay_show *show, const struct recording_event *event)
{
	static char mark[512];

	(void)snprintf(mark, sizeof(mark), "\r\n[rolegate: %.*s]\r\n",
		event->length < 400 ? (int)event->length : 400, event->text);
	put_note(show, "rolegate: ", event);
	show->mark = mark;
}

void replay_show_event(struct replay_show *show, const struct recording_event *event)
{
	if (repeats_mark(show, event))
		return;
	if (event->code == 'o' || event->code == 'e')
		put_stream(show, event);
	else if (event->code == 'i' && !show->raw)
		put_note(show, "input: ", event);
	else if (event->code == 'm')
		take_mark(show, event);
}

/* What is not ASCII is in strings alone, where it can be escaped: RFC 8259, section 7. */
void replay_show_line(const char *line, size_t length)
{
	mbstate_t state = {0};
	wchar_t wide;

	for (size_t i = 0, size; i < length; i += size) {
		size = 1;
		if ((unsigned char)line[i] < 0x80) {
			putchar(line[i]);
			continue;
		}
		size = mbrtowc(&wide, line + i, length - i, &state);
		if (size == 0 || size > 4)
			break; /* it was read as JSON, which is UTF-8 */
		if (wide > 0xffff)
			printf("\\u%04x\\u%04x", 0xd7c0 + ((unsigned)wide >> 10),
				0xdc00 | ((unsigned)wide & 0x3ff));
		else
			printf("\\u%04x", (unsigned)wide);
	}
	putchar('\n');
}

void replay_show_end(struct replay_show *show)
{
	/* https://vt100.net/docs/vt510-rm/DECSTR.html: soft reset, what a recording may have set.
	 */
	if (show->raw)
		fputs("\033[!p\033[m\r\n", stdout);
	else if (!show->at_start)
		putchar('\n');
	fflush(stdout);
}
