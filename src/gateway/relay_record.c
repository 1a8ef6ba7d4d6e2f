/* A run's streams, and how its transcript follows them. */
#include <poll.h>
#include <unistd.h>

#include "gateway/function.h"
#include "gateway/recording.h"
#include "gateway/relay.h"

enum {
	REST_MAX = 1024 * 1024, /* bytes that are taken from a pty whose program has ended */
	SETTLING = 4,		/* turns: its last bytes, its end, of both streams */
};

static bool wants(void *context)
{
	return recording_wants(context);
}

static bool take(void *context, uint8_t code, const void *bytes, size_t length)
{
	return recording_take(context, code, bytes, length);
}

static struct pump_tap tap_of(struct relay *relay)
{
	return (struct pump_tap){
		.context = &relay->request->recording, .wants = wants, .take = take};
}

void relay_record_poll(const struct relay *relay, struct pollfd *fds)
{
	const struct recording *recording = &relay->request->recording;

	for (size_t i = 0; i < RECORDING_STREAMS; i++)
		pump_poll(&recording->pumps[i], fds + 2 * i);
	fds[2 * RECORDING_STREAMS] =
		(struct pollfd){.fd = recording_socket(recording), .events = POLLIN};
}

void relay_record_turn(struct relay *relay, const struct pollfd *fds)
{
	struct recording *recording = &relay->request->recording;
	struct pump_tap tap = tap_of(relay);

	if (fds[2 * RECORDING_STREAMS].revents != 0)
		recording_spoke(recording);
	for (size_t i = 0; i < RECORDING_STREAMS; i++)
		pump_turn(&recording->pumps[i], fds + 2 * i, &tap);
}

bool relay_record_pending(const struct relay *relay)
{
	const struct recording *recording = &relay->request->recording;

	for (size_t i = 0; i < RECORDING_STREAMS; i++)
		if (pump_is_open(&recording->pumps[i]))
			return true;
	return false;
}

/* What the pty still holds; relay_read_output() finds it there. */
static void take_terminal(struct relay *relay)
{
	struct recording *recording = &relay->request->recording;
	uint8_t *bytes = NULL;
	size_t length = 0;

	while (length < REST_MAX) {
		ssize_t got;

		if (bytes == NULL)
			bytes = arena_alloc(relay->request->arena, REST_MAX);
		got = read(relay->master, bytes + length, REST_MAX - length);
		if (got <= 0)
			break;
		if (recording_take(recording, 'o', bytes + length, (size_t)got))
			length += (size_t)got;
	}
	relay->rest = bytes;
	relay->rest_length = length;
}

/* Those that are read elsewhere are looked at when everything has ended. */
void relay_record_settle(struct relay *relay)
{
	struct request *request = relay->request;
	struct pollfd fds[RECORDING_FDS];

	if (relay->master >= 0 || relay->printed != NULL || request->errors >= 0)
		return;
	for (int i = 0; i < SETTLING && relay_record_pending(relay); i++) {
		relay_record_poll(relay, fds);
		if (poll(fds, RECORDING_FDS, 0) <= 0)
			return;
		relay_record_turn(relay, fds);
	}
	if (!relay_record_pending(relay))
		recording_finish(&request->recording, "end");
}

void relay_record_rest(struct relay *relay)
{
	struct recording *recording = &relay->request->recording;
	struct pump_tap tap = tap_of(relay);
	struct pollfd fds[RECORDING_FDS];

	if (recording->state == RECORDING_NONE)
		return;
	if (relay->master >= 0) {
		recording_typed_later(recording, relay->master, true);
		take_terminal(relay);
	}
	if (relay->printed != NULL)
		relay_read_printed(relay);
	for (size_t i = 0; i < RECORDING_STREAMS; i++)
		pump_finish(&recording->pumps[i], &tap);
	recording_end(recording, "end");
	if (!relay_record_pending(relay))
		return;
	/* A client that is gone may have left a reader behind, who gets what goes at once. */
	relay_record_poll(relay, fds);
	if (poll(fds, RECORDING_FDS, 0) > 0)
		relay_record_turn(relay, fds);
}
