/* The pure part of peer.h: text of /proc, in which the process names itself. */
#include <string.h>

#include "gateway/peer.h"

bool peer_parse_id(const char *text, size_t length, bool unset, uint32_t *id)
{
	uint64_t value = 0;

	if (length == 0 || length > 10 || (text[0] == '0' && length > 1))
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text[i] - '0');
	}
	if (value > UINT32_MAX || (value == UINT32_MAX && !unset))
		return false;
	*id = (uint32_t)value;
	return true;
}

/* Four ids with a tab before each, to the end of the line. */
static bool parse_four(const char *text, uint32_t ids[4])
{
	for (size_t i = 0; i < 4; i++) {
		size_t length;

		if (*text++ != '\t')
			return false;
		length = strcspn(text, "\t\n");
		if (!peer_parse_id(text, length, false, &ids[i]))
			return false;
		text += length;
	}
	return *text == '\n' || *text == '\0';
}

bool peer_parse_status(const char *text, struct peer_status *status)
{
	unsigned uids = 0, gids = 0;

	/* The kernel escapes line ends in Name:, so that a line is never the process's own. */
	for (const char *line = text; line != NULL;) {
		if (strncmp(line, "Uid:", 4) == 0 && (uids++ > 0 || !parse_four(line + 4, status->uid)))
			return false;
		if (strncmp(line, "Gid:", 4) == 0 && (gids++ > 0 || !parse_four(line + 4, status->gid)))
			return false;
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	return uids == 1 && gids == 1;
}

bool peer_parse_start_time(const char *text, uint64_t *ticks)
{
	enum { AFTER_NAME = 3, START_TIME = 22, DIGITS_MAX = 18 };
	const char *field = strrchr(text, ')');
	uint64_t value = 0;
	size_t length;

	if (field == NULL || field[1] != ' ')
		return false;
	field += 2;
	for (int number = AFTER_NAME; number < START_TIME; number++) {
		field = strchr(field, ' ');
		if (field == NULL)
			return false;
		field++;
	}
	length = strspn(field, "0123456789");
	if (length == 0 || length > DIGITS_MAX || (field[length] != ' ' && field[length] != '\n'))
		return false;
	for (size_t i = 0; i < length; i++)
		value = value * 10 + (uint64_t)(field[i] - '0');
	*ticks = value;
	return true;
}
