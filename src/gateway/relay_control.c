/* What the client says to a running program besides its input. */
#include <signal.h>

#include "gateway/relay.h"
#include "gateway/verbs.h"
#include "spawn/terminal.h"

int relay_window(struct session *session)
{
	struct packet_window window = packet_get_window(&session->packet);

	if (!packet_done(&session->packet))
		return -1;
	if (session->relay == NULL || session->relay->master < 0)
		return 0;
	(void)terminal_resize(session->relay->master, &window);
	recording_window(&session->relay->request->recording, window.columns, window.rows);
	return 0;
}

int relay_signal(struct session *session)
{
	static const uint32_t allowed[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT};
	uint32_t number = packet_get_u32(&session->packet);
	struct relay *relay = session->relay;
	size_t i = 0;

	while (i < sizeof(allowed) / sizeof(allowed[0]) && allowed[i] != number)
		i++;
	if (!packet_done(&session->packet) || i == sizeof(allowed) / sizeof(allowed[0]))
		return -1;
	if (relay == NULL)
		return 0;
	/* Without a terminal its group counts as orphaned, and the kernel would drop SIGTSTP. */
	if (number == SIGTSTP && relay->master < 0)
		number = SIGSTOP;
	relay->client_signal = (int)number;
	limits_active(session);
	relay_signal_foreground(relay, (int)number);
	return 0;
}

int relay_continue(struct session *session)
{
	if (!packet_done(&session->packet))
		return -1;
	limits_active(session);
	if (session->relay != NULL)
		relay_signal_foreground(session->relay, SIGCONT);
	return 0;
}
