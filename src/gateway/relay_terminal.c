/* Bytes between the client and the pty. */
#include <errno.h>
#include <unistd.h>

#include "gateway/relay.h"
#include "gateway/verbs.h"
#include "spawn/terminal.h"

void relay_write_input(struct relay *relay)
{
	struct recording *recording = &relay->request->recording;

	while (relay->in_length > 0) {
		bool shown = recording_shows(recording, relay->master);
		ssize_t written = write(relay->master, relay->in, relay->in_length);

		if (written < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (written < 0)
			written = (ssize_t)relay->in_length; /* nobody is there to read it */
		else
			recording_typed(
				recording, relay->master, shown, relay->in, (size_t)written);
		relay->in += written;
		relay->in_length -= (size_t)written;
	}
	if (relay->end_input && (terminal_end_input(relay->master) == 0 || errno != EAGAIN))
		relay->end_input = false;
}

void relay_send_pending(struct relay *relay)
{
	struct session *session = relay->session;
	struct packet_writer *writer = relay->out_pending ? &relay->out : &session->writer;

	bool stop = !relay->out_pending && relay->stopped != 0;

	if (stop) {
		packet_restart(writer, PACKET_STOPPED);
		packet_put_u32(writer, (uint32_t)relay->stopped);
	} else if (!relay->out_pending) {
		if (!relay_has_message(relay))
			return;
		relay_put_message(relay, writer);
	}
	if (session->over == SESSION_OPEN && packet_send(session->socket, writer, NULL, 0) != 0) {
		if (errno == EAGAIN)
			return;
		session->over = SESSION_GONE;
	}
	if (stop)
		relay->stopped = 0;
	else if (!relay->out_pending)
		relay->told++;
	relay->out_pending = false;
}

static void put_output(struct relay *relay, const uint8_t *bytes, size_t length)
{
	limits_active(relay->session);
	packet_restart(&relay->out, PACKET_OUTPUT);
	packet_put_bytes(&relay->out, bytes, length);
	relay->out_pending = true;
	relay_send_pending(relay);
}

/* What was left when the program ended has been written down. */
static bool read_rest(struct relay *relay)
{
	const uint8_t *bytes = relay->rest + relay->rest_at;
	size_t length = relay->rest_length - relay->rest_at;

	if (length > PACKET_DATA_MAX)
		length = PACKET_DATA_MAX;
	if (length == 0)
		return false;
	relay->rest_at += length;
	put_output(relay, bytes, length);
	return true;
}

/* The kernel gives a page of it at a time: each would be a packet to two processes. */
static ssize_t read_joined(int master, uint8_t *bytes, size_t room)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = read(master, bytes + length, room - length);
		length += got > 0 ? (size_t)got : 0;
	} while (got > 0 && length < room);
	return length > 0 ? (ssize_t)length : got;
}

bool relay_read_output(struct relay *relay)
{
	struct recording *recording = &relay->request->recording;
	uint8_t bytes[PACKET_DATA_MAX];
	ssize_t got;

	if (relay->rest != NULL)
		return read_rest(relay);
	got = read_joined(relay->master, bytes, sizeof(bytes));
	if (got <= 0)
		return got < 0 && errno == EINTR;
	if (recording_take(recording, 'o', bytes, (size_t)got))
		put_output(relay, bytes, (size_t)got);
	return true;
}

int relay_input(struct session *session)
{
	struct relay *relay = session->relay;
	size_t length;
	const uint8_t *bytes = packet_get_bytes(&session->packet, &length);

	if (!packet_done(&session->packet) || length > PACKET_DATA_MAX)
		return -1;
	if (relay == NULL)
		return 0;
	if (relay->master < 0)
		return -1;
	limits_active(session);
	relay->in = bytes;
	relay->in_length = length;
	relay_write_input(relay);
	return 0;
}

int relay_input_end(struct session *session)
{
	struct relay *relay = session->relay;

	if (!packet_done(&session->packet))
		return -1;
	if (relay == NULL)
		return 0;
	if (relay->master < 0)
		return -1;
	relay->end_input = true;
	relay_write_input(relay);
	return 0;
}
