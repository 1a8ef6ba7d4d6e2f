/* What the recorder does by itself: new files, old files, signatures, the disk. */
#include <errno.h>

#include "base/message.h"
#include "recorder/expire.h"
#include "recorder/service.h"

enum {
	AGAIN = 60 * 1000,	      /* ms after a rotation that failed */
	EXPIRE_EACH = 10 * 60 * 1000, /* ms */
	SWEEP_SOONEST = 10 * 1000,    /* ms after the last, when transcripts have grown too much */
	RECOVER_TIME = 500,	      /* ms: nobody is answered before */
};

void service_rotate(struct service *service, struct arena *arena)
{
	proof_sign(&service->proof, &service->ledger, arena);
	if (ledger_rotate(&service->ledger, arena) == 0) {
		(void)expire_events(&service->ledger, arena, service->settings);
		return;
	}
	message_error("the event log could not be rotated: %m");
	service->rotate_after = event_ticks() + AGAIN;
}

/* A clock that went back makes a file younger, not older: it is rotated later. */
static bool is_old(const struct service *service)
{
	return ledger_last(&service->ledger) > service->ledger.first &&
	       event_now() - service->ledger.opened >=
		       (long long)service->settings->rotate_age * 1000;
}

static bool is_large(const struct service *service)
{
	return (uint64_t)service->ledger.size >= service->settings->rotate_size;
}

static bool may_rotate(const struct service *service)
{
	return !service->ledger.full && event_ticks() >= service->rotate_after;
}

void service_turn(struct service *service)
{
	struct arena *arena;

	if (!is_large(service) && !proof_is_due(&service->proof, &service->ledger))
		return;
	arena = arena_new();
	if (is_large(service) && may_rotate(service))
		service_rotate(service, arena);
	if (proof_is_due(&service->proof, &service->ledger))
		proof_sign(&service->proof, &service->ledger, arena);
	arena_free(arena);
}

static void tell_parts(struct service *service, struct arena *arena)
{
	for (size_t i = 0; i < service->count; i++) {
		struct transcript *transcript = service->peers[i].transcript;

		if (transcript != NULL && event_ticks() - transcript->told_at >= TRANSCRIPT_PART)
			transcript_tell(&service->transcripts, arena, transcript);
	}
}

unsigned service_recover(struct service *service)
{
	int slices = RECOVER_TIME / SWEEP_SLICE_TIME;

	sweep_begin(&service->sweep, &service->transcripts, service->settings, true);
	while (slices-- > 0 && sweep_slice(&service->sweep))
		;
	service->swept = event_ticks();
	return service->sweep.recovered;
}

bool service_slice(struct service *service)
{
	if (service->sweep.step == SWEEP_OVER)
		return false;
	service->swept = event_ticks();
	return sweep_slice(&service->sweep);
}

/* There may be more than go in a turn. */
static void expire_log(struct service *service, struct arena *arena)
{
	if (service->expired != 0 && event_ticks() - service->expired < EXPIRE_EACH)
		return;
	service->expired = event_ticks();
	if (expire_events(&service->ledger, arena, service->settings) == EXPIRE_A_TURN)
		service->expired = 0;
}

/* The whole tree is looked through, so not every time. */
static void begin_sweep(struct service *service)
{
	uint64_t kept = service->sweep.kept + service->transcripts.written;
	long long since = event_ticks() - service->swept;

	if (service->sweep.step != SWEEP_OVER || since < SWEEP_SOONEST ||
		(since < EXPIRE_EACH && kept <= service->settings->transcript_keep_size))
		return;
	service->transcripts.written = 0;
	sweep_begin(&service->sweep, &service->transcripts, service->settings, false);
}

void service_tick(struct service *service)
{
	struct arena *arena = arena_new();

	ledger_recheck(&service->ledger, arena);
	tell_parts(service, arena);
	if (is_old(service) && may_rotate(service))
		service_rotate(service, arena);
	expire_log(service, arena);
	begin_sweep(service);
	forward_tick(&service->forward, &service->ledger, arena);
	proof_tick(&service->proof, &service->ledger, arena);
	if (ledger_sync(&service->ledger) != 0)
		message_error("the disk does not take what was written: %m");
	service->ticked = event_ticks();
	arena_free(arena);
}
