#include "client/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static const int caught[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT, SIGWINCH};

enum { CAUGHT_COUNT = sizeof(caught) / sizeof(caught[0]) };

static struct sigaction before[CAUGHT_COUNT];
static int wake[2] = {-1, -1};
static _Atomic uint64_t arrived;

static void on_signal(int number)
{
	int saved = errno;

	atomic_fetch_or(&arrived, SIGNAL_BIT(number));
	/* A full pipe is readable already. */
	(void)!write(wake[1], "", 1);
	errno = saved;
}

int signals_catch(void)
{
	/* No SA_RESTART: a write to a terminal that takes nothing must let the signal in. */
	struct sigaction action = {.sa_handler = on_signal};

	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	atomic_store(&arrived, 0);
	for (size_t i = 0; i < CAUGHT_COUNT; i++) {
		sigaction(caught[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
	return wake[0];
}

uint64_t signals_take(void)
{
	char drain[64];

	while (read(wake[0], drain, sizeof(drain)) > 0)
		;
	return atomic_exchange(&arrived, 0);
}

void signals_release(void)
{
	for (size_t i = 0; i < CAUGHT_COUNT; i++)
		sigaction(caught[i], &before[i], NULL);
	for (size_t i = 0; i < 2; i++) {
		close(wake[i]);
		wake[i] = -1;
	}
}

void signals_stop_group(void)
{
	struct sigaction ours, plain = {.sa_handler = SIG_DFL};

	sigaction(SIGTSTP, NULL, &ours);
	if (ours.sa_handler == SIG_IGN)
		return;
	sigaction(SIGTSTP, &plain, NULL);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}
