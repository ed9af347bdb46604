using System.Globalization;
using Xunit;

namespace Releases.Local.Tests;

public sealed class ResidentMemoryTests
{
    private const string Field = "RssFile:";

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
        7f0000000000-7f0000400000 r--p 00000000 fe:00 18                         /home/somebody/data
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
        Assert.Equal([(0x400000, 0x404000), (0x404000, 0x13c4000)], ResidentMemory.UnchangedCode(Smaps));

    [Fact]
    public void The_program_keeps_running_with_less_of_its_code_in_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc");
        ResidentMemory.KeepLittle();
        var before = FileBacked();
        ResidentMemory.Release();
        var after = FileBacked();
        Assert.True(after < before, $"{before} kB of files in memory, then {after} kB");
    }

    private static long FileBacked() => long.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(Field, StringComparison.Ordinal))[Field.Length..^" kB".Length],
        CultureInfo.InvariantCulture);
}
