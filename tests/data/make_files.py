# Makes the files of this folder, which nn_data_files_test reads: python3 make_files.py
# (NumPy 1.24.2)
import gzip

import numpy as np

counting = np.arange(6).reshape(2, 3)

np.save("f8.npy", counting / 4)
np.save("f4_scalar.npy", np.float32(0.5))
np.save("i2_big_endian_fortran.npy", np.asfortranarray((counting - 2).astype(">i2")))
np.save("u8.npy", np.array([0, 2**63], dtype=np.uint64))
np.save("bool.npy", np.array([[True, False], [False, True]]))
np.save("empty.npy", np.zeros((0, 3), dtype=np.float32))
np.save("complex.npy", np.array([1j]))
np.save("structure.npy", np.zeros(1, dtype=[("x", "<f8")]))
for version in (2, 3):
    with open(f"version_{version}.npy", "wb") as file:
        np.lib.format.write_array(file, counting.astype(np.uint32), version=(version, 0))
np.savez("stored.npz", x=counting / 4, labels=np.array([1, 0], dtype=np.int8))
np.savez_compressed("compressed.npz", x=counting / 4, labels=np.array([1, 0], dtype=np.int8))
np.savez_compressed("zeros.npz", x=np.zeros(100_000))

# Two images of 2 x 2 pixels as an IDX file, compressed by gzip.
with gzip.GzipFile("images.idx.gz", "wb", mtime=0) as file:
    file.write(bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 2, 3, 252, 253, 254, 255]))
