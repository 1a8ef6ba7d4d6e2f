#include "gateway/parts.h"

#include <string.h>

enum { PART_MAX = 64 * 1024 };

void part_write(struct packet_writer *writer, const char **text, uint32_t status)
{
	size_t length = strnlen(*text, PART_MAX + 1);
	bool more = length > PART_MAX;

	length -= more;
	packet_restart(writer, PACKET_ANSWER);
	packet_put_u8(writer, more);
	packet_put_u32(writer, status);
	packet_put_bytes(writer, *text, length);
	*text = more ? *text + length : NULL;
}
