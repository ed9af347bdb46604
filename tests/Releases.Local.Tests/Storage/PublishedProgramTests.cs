using Xunit;

namespace Releases.Local.Tests.Storage;

public sealed class PublishedProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("program-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_portable_publish_without_a_program_runs_anywhere_with_its_frameworks()
    {
        Write("Hello.dll", "assembly");
        Write("Hello.deps.json", """{"runtimeTarget":{"name":".NETCoreApp,Version=v10.0"}}""");
        Write("Hello.runtimeconfig.json", """
            {"runtimeOptions":{"rollForward":"Major","frameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.0"},{"name":"Microsoft.AspNetCore.App","version":"10.0.0"}]}}
            """);
        var artifact = Read();
        Assert.Equal("Hello.dll", artifact.EntryPoint);
        Assert.Empty(artifact.RuntimeIdentifiers);
        Assert.Equal(["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"], artifact.Frameworks.Select(f => f.Name));
        Assert.Equal("Major", artifact.RollForward);
        Assert.True(artifact.AspNetCore);
    }

    [Fact]
    public void A_self_contained_publish_needs_no_framework_and_its_own_system()
    {
        Write("Hello", "program");
        Write("Hello.dll", "assembly");
        Write("Hello.deps.json", """{"runtimeTarget":{"name":".NETCoreApp,Version=v10.0/linux-musl-arm64"}}""");
        Write("Hello.runtimeconfig.json",
            """{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.1"}]}}""");
        var artifact = Read();
        Assert.Equal("Hello", artifact.EntryPoint);
        Assert.Equal(["linux-musl-arm64"], artifact.RuntimeIdentifiers);
        Assert.Empty(artifact.Frameworks);
        Assert.False(artifact.AspNetCore);
    }

    [Theory]
    [InlineData(0x3E, "/lib64/ld-linux-x86-64.so.2", "linux-x64")]
    [InlineData(0xB7, "/lib/ld-musl-aarch64.so.1", "linux-musl-arm64")]
    public void A_native_program_tells_its_system_by_its_head(byte machine, string loader, string expected)
    {
        byte[] head = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, .. new byte[11], machine, .. new byte[60]];
        File.WriteAllBytes(Path.Combine(_folder.FullName, "Hello"),
            [.. head, .. System.Text.Encoding.ASCII.GetBytes(loader + "\0 Microsoft.AspNetCore.Hosting")]);
        var artifact = Read();
        Assert.Equal([expected], artifact.RuntimeIdentifiers);
        Assert.True(artifact.AspNetCore);
    }

    private Artifact Read() => PublishedProgram.Read(_folder.FullName, "Hello");

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, name), content);
}
