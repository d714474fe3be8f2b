#!/bin/bash
# Second program of the guest: the kernel's modules, udev and the buses, then the one program that the host
# asked for, and the end of the machine. What it says goes to the folder that is shared with the host. Nothing
# is mounted where a checkout may lie.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
word() { sed -n "s/.*$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
mount -t tmpfs tmpfs /run
mkdir -p /run/lock /run/udev /dev/pts /dev/shm /out
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ip link set lo up
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 out /out
mkdir -p /lib/modules
mount --bind "$(word labmodules)" /lib/modules
/lib/systemd/systemd-udevd --daemon
udevadm trigger
udevadm settle
for module in xhci_pci usbhid hid_generic usblp cdc_acm libcomposite; do modprobe "$module"; done
modprobe dummy_hcd num=3 is_super_speed=0 is_high_speed=1
mount -t configfs configfs /sys/kernel/config
udevadm settle
"$(word labnode)" "$(word labprogram)" >/out/said 2>&1
echo "$?" >/out/status
sync
echo o >/proc/sysrq-trigger
sleep 10
