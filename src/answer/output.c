#include "answer/output.h"

#include <string.h>

enum { ROOM_FIRST = 1024 };

static void enlarge(struct output *output, size_t length)
{
	size_t room = output->room == 0 ? ROOM_FIRST : output->room * 2;
	char *larger;

	if (room < output->length + length)
		room = output->length + length;
	larger = arena_alloc(output->arena, room);
	if (output->length > 0)
		memcpy(larger, output->text, output->length);
	output->text = larger;
	output->room = room;
}

void output_add(struct output *output, const char *bytes, size_t length)
{
	if (output->room - output->length < length)
		enlarge(output, length);
	if (length > 0)
		memcpy(output->text + output->length, bytes, length);
	output->length += length;
}

void output_text(struct output *output, const char *text)
{
	output_add(output, text, strlen(text));
}

char *output_end(struct output *output)
{
	output_add(output, "", 1);
	output->length--;
	return output->text;
}
