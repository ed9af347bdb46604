using Xunit;

namespace Releases.Local.Tests;

public sealed class ResidentMemoryTests
{
    private static readonly string[] Smaps = """
        00400000-00404000 r--p 00000000 fe:00 17                                 /opt/a tool/dotnet-convox
        Anonymous:             0 kB
        00404000-013c4000 r-xp 00004000 fe:00 17                                 /opt/a tool/dotnet-convox
        Private_Clean:      9392 kB
        Anonymous:             0 kB
        01833000-01834000 r--p 01433000 fe:00 17                                 /opt/a tool/dotnet-convox
        Anonymous:             4 kB
        01e72000-02a6f000 rw-p 01a72000 fe:00 17                                 /opt/a tool/dotnet-convox
        Anonymous:             0 kB
        7f0000000000-7f0000400000 r-xp 00000000 fe:00 18                         /usr/lib/libcrypto.so.3
        Anonymous:             0 kB
        7f0001000000-7f0001400000 r-xp 00000000 00:00 0
        Anonymous:             0 kB
        7f0002000000-7f0002400000 r--s 00000000 fe:00 17                         /opt/a tool/dotnet-convox
        Anonymous:             0 kB
        7ffc10000000-7ffc10002000 r-xp 00000000 00:00 0                          [vdso]
        Anonymous:             0 kB
        """.Split('\n');

    [Fact]
    public void Gives_back_code_and_constants_that_nobody_wrote_to_and_nothing_else() =>
        Assert.Equal([(0x400000, 0x404000), (0x404000, 0x13c4000)], ResidentMemory.UnchangedCode(Smaps, "/opt/a tool/dotnet-convox"));

    [Fact]
    public void Of_this_program_something_can_be_given_back_and_it_keeps_running()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc");
        Assert.NotEmpty(ResidentMemory.UnchangedCode(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath!));
        ResidentMemory.KeepLittle();
        ResidentMemory.Release();
        Assert.NotEmpty(ResidentMemory.UnchangedCode(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath!));
    }
}
