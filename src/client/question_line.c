/* As little of an editor as one line needs whose values Tab can complete. */
#include <string.h>

#include "base/fd.h"
#include "base/text.h"
#include "client/question.h"

static void bell(const struct question_line *line)
{
	question_say(line->question->tty, "\a");
}

void question_line_show(const struct question_line *line)
{
	(void)!fd_write_all(line->question->tty, line->bytes, line->whole);
}

/* As far as it can be known without a locale: what is far from Latin is two columns wide. */
static void erase_one(struct question_line *line)
{
	size_t at = line->whole;

	do
		at--;
	while (at > 0 && (line->bytes[at] & 0xc0) == 0x80);
	question_say(line->question->tty,
		(unsigned char)line->bytes[at] >= 0xe3 ? "\b\b  \b\b" : "\b \b");
	line->length = line->whole = at;
}

static void erase(struct question_line *line, bool word)
{
	while (line->whole > 0 && word && line->bytes[line->whole - 1] == ' ')
		erase_one(line);
	while (line->whole > 0 && !(word && line->bytes[line->whole - 1] == ' '))
		erase_one(line);
}

static void add(struct question_line *line, const char *bytes, size_t length)
{
	memmove(line->bytes + line->length, bytes, length);
	line->length += length;
	line->whole = line->length;
	(void)!fd_write_all(line->question->tty, bytes, length);
}

static size_t character_size(char first)
{
	unsigned char byte = (unsigned char)first;

	return byte < 0xc2 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/* Shown, and kept, once it is whole; a terminal must not obey it (R32). */
static void take_text(struct question_line *line, char byte)
{
	char *begin = line->bytes + line->whole, escaped[TEXT_ESCAPED];
	size_t size;

	if (line->length == QUESTION_LENGTH_MAX) {
		line->length = line->whole;
		bell(line);
		return;
	}
	line->bytes[line->length++] = byte;
	size = character_size(*begin);
	if (line->length - line->whole < size)
		return;
	line->length = line->whole;
	if (text_escape_one(begin, size, escaped) == size && strlen(escaped) == size)
		add(line, begin, size);
	else
		bell(line);
}

/* What all that begin so have in common, beyond what stands there; NULL: none begins so. */
static const char *common(const struct question_line *line, size_t *length)
{
	const struct strings *values = line->question->values;
	const char *first = NULL;

	for (size_t i = 0; values != NULL && i < values->count; i++) {
		const char *value = values->items[i];
		size_t same = 0;

		if (strncmp(value, line->bytes, line->whole) != 0)
			continue;
		if (first == NULL) {
			first = value;
			*length = strlen(value);
		}
		while (same < *length && value[same] == first[same])
			same++;
		*length = same;
	}
	return first;
}

static void complete(struct question_line *line)
{
	size_t length = 0;
	const char *value = common(line, &length);

	while (value != NULL && length > 0 && (value[length] & 0xc0) == 0x80)
		length--;
	if (value == NULL || length <= line->whole || length > QUESTION_LENGTH_MAX ||
		text_refused(value, length) != length)
		bell(line);
	else
		add(line, value + line->whole, length - line->whole);
}

static enum line_state take_key(struct question_line *line, char key)
{
	/* Of a character that was not finished, nothing is left. */
	if ((unsigned char)key < 0x80)
		line->length = line->whole;
	if (key == '\n' || key == '\r')
		return LINE_DONE;
	if (key == '\004' && line->whole == 0)
		return LINE_LEFT;
	if (key == '\t')
		complete(line);
	else if ((key == '\b' || key == '\177') && line->whole > 0)
		erase_one(line);
	else if (key == '\025' || key == '\027')
		erase(line, key == '\027');
	else if ((unsigned char)key < ' ' || key == '\177')
		bell(line);
	else
		take_text(line, key);
	return LINE_GOES_ON;
}

enum line_state question_line_take(struct question_line *line, char byte)
{
	char keys[KEYS_HELD_MAX];
	size_t count = keys_take(&line->keys, byte, keys);

	/* An arrow is none of ours, and no text. */
	return count == 1 ? take_key(line, keys[0]) : LINE_GOES_ON;
}
