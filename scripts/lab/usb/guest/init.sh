#!/busybox sh
# First program of the guest: loads what it needs to see the host's root, and goes on from there with a
# memory above it, so that nothing it writes reaches the host.
B=/busybox
$B mount -t proc proc /proc
$B mount -t sysfs sysfs /sys
$B mount -t devtmpfs dev /dev
for module in $($B cat /modules/order); do $B insmod "/modules/$module"; done
$B mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000 host /lower || $B poweroff -f
$B mount -t tmpfs tmpfs /upper
$B mkdir /upper/changed /upper/work
$B mount -t overlay -o lowerdir=/lower,upperdir=/upper/changed,workdir=/upper/work root /newroot || $B poweroff -f
for place in proc sys dev; do $B mount --move /$place /newroot/$place; done
exec $B switch_root /newroot /bin/bash "$($B sed -n 's/.*labscript=\([^ ]*\).*/\1/p' /newroot/proc/cmdline)"
