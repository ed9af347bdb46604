using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>The projects that the tool writes for MSBuild are in the temporary folder, where every user of the machine can write.</summary>
public sealed class A_build_beside_files_of_others : IDisposable
{
    private readonly Workspace _workspace;
    private readonly string _temporary;

    public A_build_beside_files_of_others(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.Write("Directory.Build.props",
            "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>");
        _workspace.AddProject("Front");
        _temporary = Path.Combine(_workspace.Folder, "..", "tmp");
        _workspace.Variables["TMPDIR"] = _temporary;
        StrayFiles.WriteTo(_temporary);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Reads_none_of_them()
    {
        (await _workspace.Tool("build")).Succeeded();
        Assert.Equal(1, (await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)))[0].Number);
        Assert.Empty(Directory.GetDirectories(_temporary, "convox-build-*"));
    }

    [Fact]
    public async Task Reads_the_response_file_of_its_app_once()
    {
        _workspace.Write("Directory.Build.rsp", "-p:InformationalVersion=7.7");
        (await _workspace.Tool("build")).Succeeded();
        var program = File.ReadAllBytes(Path.Combine(_workspace.Folder, "Front/bin/Release/net10.0/Front.dll"));
        Assert.Contains("7.7", System.Text.Encoding.UTF8.GetString(program), StringComparison.Ordinal);
    }
}
