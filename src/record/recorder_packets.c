/* What is said to the recorder (recorder/wire.h), packet by packet. */
#include "record/recorder_packets.h"

#include "recorder/wire.h"

static void put_u64(struct packet_writer *writer, uint64_t value)
{
	packet_put_u32(writer, (uint32_t)value);
	packet_put_u32(writer, (uint32_t)(value >> 32));
}

static struct packet_writer *begin(struct recorder_client *client, enum recorder_packet type)
{
	packet_restart(&client->writer, (enum packet_type)type);
	return &client->writer;
}

int recorder_client_event(struct recorder_client *client, const char *object)
{
	uint64_t sequence;

	if (recorder_client_connect(client) != 0)
		return -1;
	packet_put_string(begin(client, RECORDER_EVENT), object);
	return recorder_client_send(client) != 0 ? -1 : recorder_client_taken(client, &sequence);
}

int recorder_client_open(struct recorder_client *client, const struct recorder_opening *opening)
{
	struct packet_writer *writer;

	if (recorder_client_connect(client) != 0)
		return -1;
	writer = begin(client, RECORDER_OPEN);
	packet_put_string(writer, opening->request);
	packet_put_u32(writer, opening->uid);
	packet_put_string(writer, opening->header);
	put_u64(writer, opening->most);
	return recorder_client_send(client);
}

int recorder_client_opened(struct recorder_client *client, uint64_t *most)
{
	if (recorder_client_taken(client, most) != 0)
		return -1;
	if (*most == 0)
		*most = UINT64_MAX;
	return 0;
}

int recorder_client_data(struct recorder_client *client, uint8_t code, uint64_t time,
	const void *bytes, size_t length)
{
	struct packet_writer *writer = begin(client, RECORDER_DATA);

	packet_put_u8(writer, code);
	put_u64(writer, time);
	packet_put_bytes(writer, bytes, length);
	return recorder_client_send(client);
}

int recorder_client_lost(
	struct recorder_client *client, uint8_t code, uint64_t time, uint64_t bytes)
{
	struct packet_writer *writer = begin(client, RECORDER_LOST);

	packet_put_u8(writer, code);
	put_u64(writer, time);
	put_u64(writer, bytes);
	return recorder_client_send(client);
}

int recorder_client_window(
	struct recorder_client *client, uint64_t time, uint16_t columns, uint16_t rows)
{
	struct packet_writer *writer = begin(client, RECORDER_WINDOW);

	put_u64(writer, time);
	packet_put_u16(writer, columns);
	packet_put_u16(writer, rows);
	return recorder_client_send(client);
}

int recorder_client_finish(struct recorder_client *client, uint64_t time, const char *reason)
{
	struct packet_writer *writer = begin(client, RECORDER_CLOSE);

	put_u64(writer, time);
	packet_put_string(writer, reason);
	return recorder_client_send(client);
}

int recorder_client_finished(struct recorder_client *client)
{
	uint64_t bytes;

	return recorder_client_taken(client, &bytes);
}
