using System.Collections.Concurrent;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Processes;

/// <summary>What a real process sees of the variables that its release has.</summary>
public sealed class ProcessVariablesTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ProcessLauncher _launcher = new();
    private readonly ConcurrentQueue<string> _printed = new();

    public ProcessVariablesTests() => HomeFolder.Create(_home.Home);

    public void Dispose()
    {
        _launcher.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task What_is_known_only_when_it_starts_is_in_its_defaults()
    {
        await Run(3000, ("URL", "http://localhost:\0PORT\0/x"), ("ConnectionStrings__Db", "Data Source=\0CONVOX_DATA\0/app.db"),
            ("LITERAL", "${PORT}"));
        var data = Assert.Single(_printed, l => l.StartsWith("CONVOX_DATA=", StringComparison.Ordinal))["CONVOX_DATA=".Length..];
        Assert.Contains("URL=http://localhost:3000/x", _printed);
        Assert.Contains($"ConnectionStrings__Db=Data Source={data}/app.db", _printed);
        Assert.Contains("LITERAL=${PORT}", _printed);
    }

    [Fact]
    public async Task What_a_process_without_a_port_is_not_given_is_empty()
    {
        await Run(null, ("URL", "http://localhost:\0PORT\0/x"));
        Assert.Contains("URL=http://localhost:/x", _printed);
    }

    [Fact]
    public async Task The_tool_in_a_script_of_the_app_finds_its_app_and_its_rack_unless_the_app_says_otherwise()
    {
        await Run(null);
        Assert.Contains($"CONVOX_APP={A.App}", _printed);
        Assert.Contains($"CONVOX_HOME={_home.Home.Folder}", _printed);
        _printed.Clear();
        await Run(null, ("CONVOX_APP", "other"));
        Assert.Contains("CONVOX_APP=other", _printed);
    }

    [Fact]
    public async Task Names_with_dots_and_hyphens_reach_a_program()
    {
        await Run(null, ("Logging__LogLevel__Microsoft.AspNetCore", "Warning"), ("ConnectionStrings__my-db", "a=b"));
        Assert.Contains("Logging__LogLevel__Microsoft.AspNetCore=Warning", _printed);
        Assert.Contains("ConnectionStrings__my-db=a=b", _printed);
    }

    private async Task Run(int? port, params (string Key, string Value)[] variables)
    {
        var service = new ServiceKey(A.App, ServiceName.Parse("web"));
        var spec = new ServiceSpec(new() { Name = service.Service }, new(), 1, variables.ToDictionary(v => v.Key, v => v.Value));
        var environment = new ProcessEnvironments(_home.Home, _ => null).For(service, spec, port);
        var process = await new ServiceProcessStarter(_launcher, BuiltTool.Command, new(_home.Home), TimeProvider.System)
            .Start(new("web-1", ["/usr/bin/env"], _home.Home.Folder, environment), (line, _) => _printed.Enqueue(line));
        Assert.Equal(0, await process.Exited);
    }
}
