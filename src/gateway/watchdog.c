#include "gateway/watchdog.h"

#include <signal.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "gateway/session.h"
#include "spawn/spawn.h"

/* Built beforehand: the handler may use no lock and no memory that is not there yet. */
static struct packet_writer refusal;
static int client = -1;
static unsigned patience; /* seconds */
static sigset_t before;

static void bite(int number)
{
	(void)number;
	(void)!send(client, refusal.bytes, refusal.length, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(client, SHUT_RDWR);
	(void)spawn_kill_descendants(0); /* the helper that a module may be waiting for */
	_exit(SESSION_EXIT_HUNG);
}

static void set_timer(unsigned seconds)
{
	struct itimerval timer = { .it_value.tv_sec = seconds };

	setitimer(ITIMER_REAL, &timer, NULL);
}

int watchdog_open(int socket, unsigned seconds)
{
	struct sigaction action = { .sa_handler = bite };

	client = socket;
	patience = seconds;
	refusal.bytes = NULL;
	return sigaction(SIGALRM, &action, NULL);
}

void watchdog_start(const char *request)
{
	static uint8_t bytes[PACKET_MAX];
	sigset_t none;

	refusal.bytes = bytes;
	packet_restart(&refusal, PACKET_REFUSED);
	packet_put_string(&refusal, reason_code(REASON_GATEWAY_ERROR));
	packet_put_string(&refusal, "an authentication or account service does not answer");
	packet_put_string(&refusal, request);
	packet_put_string(&refusal, "");
	/* Helpers of modules inherit the mask, and must be able to end and to wait. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, &before);
	set_timer(patience);
}

void watchdog_stop(void)
{
	set_timer(0);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
