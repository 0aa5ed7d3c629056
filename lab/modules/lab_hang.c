// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A driver for QEMU's edu device that never lets go of it: its remove() sleeps without
 * interruption until the parameter let_go is set. For the emulated host alone.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/wait.h>

static bool let_go;
static DECLARE_WAIT_QUEUE_HEAD(waiting);

static int set_let_go(const char *value, const struct kernel_param *parameter)
{
	int r = param_set_bool(value, parameter);

	wake_up_all(&waiting);
	return r;
}

static const struct kernel_param_ops let_go_ops = { .set = set_let_go, .get = param_get_bool };
module_param_cb(let_go, &let_go_ops, &let_go, 0644);
MODULE_PARM_DESC(let_go, "what remove() waits for");

static int lab_hang_probe(struct pci_dev *device, const struct pci_device_id *id)
{
	return 0;
}

static noinline void lab_hang_wait(void)
{
	wait_event(waiting, READ_ONCE(let_go));
}

static void lab_hang_remove(struct pci_dev *device)
{
	lab_hang_wait();
}

static const struct pci_device_id lab_hang_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, {} };
MODULE_DEVICE_TABLE(pci, lab_hang_ids);

static struct pci_driver lab_hang_driver = {
	.name = "lab_hang",
	.id_table = lab_hang_ids,
	.probe = lab_hang_probe,
	.remove = lab_hang_remove,
};
module_pci_driver(lab_hang_driver);

MODULE_DESCRIPTION("A driver that hangs in remove");
MODULE_LICENSE("GPL");
