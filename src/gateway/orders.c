#include "gateway/orders.h"

#include <signal.h>
#include <string.h>

void order_give(const struct session_slot *slot, const char *request, const char *reason)
{
	struct session_order *order = slot->order;

	if (request == NULL)
		order->end = true;
	session_note_set(order->request, request == NULL ? "" : request);
	session_note_set(order->reason, reason);
	__atomic_store_n(&order->number, order->number + 1, __ATOMIC_RELEASE);
	kill(slot->pid, ORDER_SIGNAL);
}

bool order_take(const struct session_order *order, uint32_t *seen, struct session_order *copy)
{
	uint32_t number = __atomic_load_n(&order->number, __ATOMIC_ACQUIRE);

	if (number == *seen)
		return false;
	do {
		*seen = number;
		memcpy(copy, order, sizeof(*copy));
		number = __atomic_load_n(&order->number, __ATOMIC_ACQUIRE);
	} while (number != *seen);
	copy->request[sizeof(copy->request) - 1] = '\0';
	copy->reason[sizeof(copy->reason) - 1] = '\0';
	return true;
}
