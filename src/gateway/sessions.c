#include "gateway/sessions.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "base/text.h"
#include "record/record.h"

int sessions_open(struct sessions *sessions)
{
	struct shared {
		struct session_note notes[SESSION_SLOTS];
		struct session_order orders[SESSION_SLOTS];
		uint64_t loads;
		struct record_losses losses;
	} *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return -1;
	sessions->notes = shared->notes;
	sessions->orders = shared->orders;
	sessions->loads = &shared->loads;
	sessions->losses = &shared->losses;
	sessions->most = SESSIONS_MAX;
	for (size_t i = 0; i < SESSION_SLOTS; i++) {
		sessions->slots[i].note = &sessions->notes[i];
		sessions->slots[i].order = &sessions->orders[i];
	}
	return 0;
}

static bool is_same_user(const struct session_slot *slot, uid_t uid, uid_t login_uid)
{
	return slot->uid == uid || (login_uid != (uid_t)-1 && slot->login_uid == login_uid);
}

struct session_slot *sessions_reserve(
	struct sessions *sessions, uid_t uid, uid_t login_uid, unsigned per_user)
{
	struct session_slot *free_slot = NULL;
	unsigned same = 0;

	for (size_t i = 0; i < SESSION_SLOTS; i++) {
		struct session_slot *slot = &sessions->slots[i];

		if (slot->pid == 0 && free_slot == NULL)
			free_slot = slot;
		if (slot->pid != 0 && is_same_user(slot, uid, login_uid))
			same++;
	}
	if (free_slot == NULL || same >= per_user ||
		sessions->count - sessions->dropping >= sessions->most)
		return NULL;
	memset(free_slot->note, 0, sizeof(*free_slot->note));
	memset(free_slot->order, 0, sizeof(*free_slot->order));
	free_slot->note->login_uid = free_slot->note->audit_session = UINT32_MAX;
	free_slot->dropped = false;
	free_slot->uid = uid;
	free_slot->login_uid = login_uid;
	return free_slot;
}

struct session_slot *sessions_in_the_way(struct sessions *sessions)
{
	struct session_slot *oldest = NULL;

	if (sessions->count - sessions->dropping + 1 + sessions->most / 16 <= sessions->most)
		return NULL;
	for (size_t i = 0; i < SESSION_SLOTS; i++) {
		struct session_slot *slot = &sessions->slots[i];

		if (slot->pid != 0 && !slot->dropped && slot->note->request[0] == '\0' &&
			(oldest == NULL || slot->started < oldest->started))
			oldest = slot;
	}
	return oldest;
}

void sessions_dropped(struct sessions *sessions, struct session_slot *slot)
{
	slot->dropped = true;
	sessions->dropping++;
	sessions->dropped++;
}

void sessions_started(
	struct sessions *sessions, struct session_slot *slot, pid_t pid, const char *id)
{
	slot->pid = pid;
	session_note_set(slot->id, id);
	session_note_set(slot->note->session, slot->id);
	sessions->count++;
	sessions->accepted++;
}

struct session_slot *sessions_ended(struct sessions *sessions, pid_t pid)
{
	for (size_t i = 0; i < SESSION_SLOTS; i++) {
		if (sessions->slots[i].pid != pid)
			continue;
		sessions->slots[i].pid = 0;
		session_note_set(sessions->slots[i].note->session, "");
		sessions->count--;
		sessions->dropping -= sessions->slots[i].dropped;
		return &sessions->slots[i];
	}
	return NULL;
}

void sessions_signal(const struct sessions *sessions, int signal)
{
	for (size_t i = 0; i < SESSION_SLOTS; i++)
		if (sessions->slots[i].pid != 0)
			kill(sessions->slots[i].pid, signal);
}

void session_note_write(char *field, size_t size, const char *text)
{
	size_t length = text_cut(text, size - 1);

	memmove(field, text, length);
	memset(field + length, 0, size - length);
}

const char *session_note_text(char *copy, const char *field, size_t size)
{
	memcpy(copy, field, size);
	copy[size - 1] = '\0';
	return copy;
}
