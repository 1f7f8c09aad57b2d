"The commands, on top of everything else."

def _run(name):
    "A console command; Ctrl-C while libraries load is one line and status 130, as it is later."
    import os, signal, sys
    def early(*_):
        os.write(2, f'{name}: interrupted before it began; nothing was written\n'.encode())
        os._exit(130)
    signal.signal(signal.SIGINT, early)
    from .compare import main
    main(name, sys.argv[1:])

def nint_fit(): _run('nint_fit')
def nint_compare(): _run('nint_compare')
def nint_render(): _run('nint_render')
def nint_export(): _run('nint_export')
def nint_runs(): _run('nint_runs')
