#include "gateway/sessions.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>

int sessions_open(struct sessions *sessions)
{
	void *notes = mmap(NULL, SESSIONS_MAX * sizeof(*sessions->notes), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (notes == MAP_FAILED)
		return -1;
	sessions->notes = notes;
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		sessions->slots[i].note = &sessions->notes[i];
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

	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		struct session_slot *slot = &sessions->slots[i];

		if (slot->pid == 0 && free_slot == NULL)
			free_slot = slot;
		if (slot->pid != 0 && is_same_user(slot, uid, login_uid))
			same++;
	}
	if (free_slot == NULL || same >= per_user)
		return NULL;
	memset(free_slot->note, 0, sizeof(*free_slot->note));
	free_slot->uid = uid;
	free_slot->login_uid = login_uid;
	return free_slot;
}

void sessions_started(struct sessions *sessions, struct session_slot *slot, pid_t pid)
{
	slot->pid = pid;
	sessions->count++;
	sessions->accepted++;
}

struct session_slot *sessions_ended(struct sessions *sessions, pid_t pid)
{
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		if (sessions->slots[i].pid != pid)
			continue;
		sessions->slots[i].pid = 0;
		sessions->count--;
		return &sessions->slots[i];
	}
	return NULL;
}

void sessions_signal(const struct sessions *sessions, int signal)
{
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		if (sessions->slots[i].pid != 0)
			kill(sessions->slots[i].pid, signal);
}

void session_note_write(char *field, size_t size, const char *text)
{
	size_t length = strnlen(text, size - 1);

	memmove(field, text, length);
	memset(field + length, 0, size - length);
}

const char *session_note_text(char *copy, const char *field, size_t size)
{
	memcpy(copy, field, size);
	copy[size - 1] = '\0';
	return copy;
}
