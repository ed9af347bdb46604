using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class MsBuildTests : IDisposable
{
    private const string Token = "a token that reads like words";

    private readonly string _app = Directory.CreateTempSubdirectory("convox-msbuild-").FullName;
    private readonly BuildFolder _folder;
    private readonly List<string> _log = [];
    private DotnetRun? _run;

    public MsBuildTests() => _folder = new(new FakeTimeProvider(A.Moment), _app);

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_app, recursive: true);
    }

    [Fact]
    public async Task The_login_of_the_registry_is_in_no_line_of_the_log_and_in_no_error()
    {
        var broke = await Assert.ThrowsAsync<BuildBrokeException>(() => Publish(
            ["-v:diag"], PushLogin.Variables(Target), $"{PushTarget.PasswordVariable} = {Token}", $"a.proj : error X1: no {Token} here"));
        Assert.Equal([$"{PushTarget.PasswordVariable} = ****", "a.proj : error X1: no **** here"], _log);
        Assert.Equal("a.proj : error X1: no **** here", broke.Message);
        Assert.Contains("-v:diag", _run!.Arguments);
    }

    [Theory]
    [InlineData("-bl")]
    [InlineData("/binaryLogger:out.binlog")]
    [InlineData("--BL:LogFile=a.binlog;ProjectImports=None")]
    [InlineData("-fl3")]
    [InlineData("-flp3:v=diag")]
    [InlineData("-fileLoggerParameters:v=diag")]
    [InlineData("-l:Mine,mine.dll")]
    [InlineData("-dl:Mine,mine.dll")]
    [InlineData("-distributedFileLogger")]
    public async Task What_would_record_the_login_is_left_out_where_there_is_one(string option)
    {
        await Publish(["-v:diag", option, "-m:1"], PushLogin.Variables(Target));
        Assert.DoesNotContain(option, _run!.Arguments);
        Assert.Contains("-v:diag", _run.Arguments);
        Assert.Contains("-m:1", _run.Arguments);
        Assert.Equal($"note: {option} is left out of the publish, because its log would have the login of the image registry.",
            Assert.Single(_log));
        Assert.Equal(("", ""), (_run.Variables["MSBUILD_LOGGING_ARGS"], _run.Variables["MSBuildDebugEngine"]));

        await Publish([option], []);
        Assert.Contains(option, _run.Arguments);
        Assert.Empty(_run.Variables);
    }

    [Fact]
    public async Task The_response_file_is_copied_without_what_would_record_it()
    {
        var file = Path.Combine(_app, "Directory.Build.rsp");
        await File.WriteAllTextAsync(file,
            "# -v:diag\n-p:A=\"x y\" -bl:a.binlog  -m:1\n  \"-flp:v=diag;logfile=a b\"\n-p:B=%MSBuildThisFileDirectory%b\n",
            TestContext.Current.CancellationToken);
        await Publish([], PushLogin.Variables(Target));
        var copy = Assert.Single(_run!.Arguments, a => a.StartsWith('@'))[1..];
        Assert.Equal($"-p:A=\"x y\" -m:1\n\n-p:B={_app}/b",
            await File.ReadAllTextAsync(copy, TestContext.Current.CancellationToken));

        await Publish([], []);
        Assert.Contains("@" + file, _run.Arguments);
    }

    [Fact]
    public async Task A_variable_in_the_response_file_hides_no_log_and_others_stay_variables()
    {
        var (log, value) = ($"CONVOX_LOG_{Guid.NewGuid():n}", $"CONVOX_VALUE_{Guid.NewGuid():n}");
        Environment.SetEnvironmentVariable(log, "-bl:a.binlog");
        Environment.SetEnvironmentVariable(value, "secret");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(_app, "Directory.Build.rsp"), $"%{log}% -m:1\n-p:B=%{value}%", TestContext.Current.CancellationToken);
            await Publish([], PushLogin.Variables(Target));
        }
        finally
        {
            Environment.SetEnvironmentVariable(log, null);
            Environment.SetEnvironmentVariable(value, null);
        }

        var copy = Assert.Single(_run!.Arguments, a => a.StartsWith('@'))[1..];
        Assert.Equal($"-m:1\n-p:B=%{value}%", await File.ReadAllTextAsync(copy, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_option_of_the_user_lets_a_process_keep_the_login()
    {
        await Publish(["-nodeReuse:true", "-p:UseSharedCompilation=true"], PushLogin.Variables(Target));
        Assert.Equal("-nodeReuse:false", _run!.Arguments.Last(a => a.StartsWith("-nodeReuse:", StringComparison.Ordinal)));
        Assert.Equal("-p:UseSharedCompilation=false",
            _run.Arguments.Last(a => a.StartsWith("-p:UseSharedCompilation=", StringComparison.Ordinal)));
    }

    private static PushTarget Target => new("registry.example.org", "convox/shop-web", "AWS", Token);

    private Task Publish(IReadOnlyList<string> extra, Dictionary<string, string> login, params string[] prints) =>
        new MsBuild(
            (run, line, _) =>
            {
                _run = run;
                foreach (var printed in prints) line(printed);
                return Task.FromResult(prints.Length > 0 ? 1 : 0);
            }, _app, extra, _log.Add).Publish(_folder, login, TestContext.Current.CancellationToken);
}
