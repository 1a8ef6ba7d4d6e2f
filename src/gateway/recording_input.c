/*
 * What is typed is taken only while the terminal shows it: a password is typed while it doesn't. A
 * program asks for one after it has read a line, so what came after a line's end in the same packet
 * is held for a moment, and taken if it would still be shown then.
 */
#include <string.h>
#include <termios.h>

#include "gateway/recording.h"

static bool is_shown(int master)
{
	struct termios settings;

	return tcgetattr(master, &settings) == 0 && (settings.c_lflag & ECHO) != 0;
}

void recording_typed_later(struct recording *recording, int master, bool final)
{
	if (recording->held_length == 0 ||
		(!final && recording_time(recording) - recording->held_at < RECORDING_HOLD * 1000))
		return;
	if (is_shown(master))
		(void)recording_take(recording, 'i', recording->held, recording->held_length);
	explicit_bzero(recording->held, recording->held_length);
	recording->held_length = 0;
}

static size_t line_length(const uint8_t *bytes, size_t length)
{
	size_t i = 0;

	while (i < length && bytes[i] != '\n' && bytes[i] != '\r')
		i++;
	return i < length ? i + 1 : length;
}

bool recording_shows(const struct recording *recording, int master)
{
	return recording->rule.input && recording->state != RECORDING_NONE && is_shown(master);
}

/* What finds no room is counted. */
static void hold(struct recording *recording, const uint8_t *bytes, size_t length)
{
	size_t room = RECORDING_HELD - recording->held_length;
	size_t lost = length > room ? length - room : 0;

	memcpy(recording->held + recording->held_length, bytes, length - lost);
	recording->held_length += length - lost;
	recording->held_at = recording_time(recording);
	if (lost > 0)
		(void)recording_take(recording, 'i', NULL, lost);
}

void recording_typed(
	struct recording *recording, int master, bool shown, const uint8_t *bytes, size_t length)
{
	size_t line = line_length(bytes, length);

	if (!recording->rule.input || recording->state == RECORDING_NONE)
		return;
	recording_typed_later(recording, master, false);
	if (!shown || !is_shown(master)) {
		/* What is held may be what is asked for now. */
		explicit_bzero(recording->held, recording->held_length);
		recording->held_length = 0;
		return;
	}
	if (recording->held_length > 0) /* in its order */
		line = 0;
	if (line > 0)
		(void)recording_take(recording, 'i', bytes, line);
	if (line < length)
		hold(recording, bytes + line, length - line);
}
