# temporary stand-in until nbs/01_plots.ipynb exports this module
import matplotlib.pyplot as plt
def show_image(img, title=None, ax=None):
    ax = ax or plt.gca(); ax.imshow(img.clip(0,1).squeeze()); ax.set_title(title); ax.axis('off'); return ax
def plot_kernel(K, ax=None):
    ax = ax or plt.gca(); ax.imshow(K); return ax
