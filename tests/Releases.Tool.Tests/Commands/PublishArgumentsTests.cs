using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What follows <c>--</c> may be what <c>dotnet publish</c> takes, in each of its forms.</summary>
public sealed class PublishArgumentsTests
{
    [Theory]
    [InlineData("-p:Version=1.2.3", "-p:Version=1.2.3")]
    [InlineData("-p Version=1.2.3", "-p:Version=1.2.3")]
    [InlineData("--property:Version=1.2.3", "-p:Version=1.2.3")]
    [InlineData("/p:A=B;C=D", "/p:A=B;C=D")]
    [InlineData("-r linux-x64", "-p:RuntimeIdentifier=linux-x64 -p:_CommandLineDefinedRuntimeIdentifier=true")]
    [InlineData("-r:linux-x64", "-p:RuntimeIdentifier=linux-x64 -p:_CommandLineDefinedRuntimeIdentifier=true")]
    [InlineData("--runtime=linux-x64", "-p:RuntimeIdentifier=linux-x64 -p:_CommandLineDefinedRuntimeIdentifier=true")]
    [InlineData("--os linux -a amd64", "-p:RuntimeIdentifier=linux-x64 -p:_CommandLineDefinedRuntimeIdentifier=true")]
    [InlineData("--sc", "-p:SelfContained=true -p:_CommandLineDefinedSelfContained=true")]
    [InlineData("--self-contained false -bl", "-p:SelfContained=false -p:_CommandLineDefinedSelfContained=true -bl")]
    [InlineData("--no-self-contained", "-p:SelfContained=false -p:_CommandLineDefinedSelfContained=true")]
    [InlineData("-c Debug", "-p:Configuration=Debug")]
    [InlineData("--version-suffix beta", "-p:VersionSuffix=beta")]
    [InlineData("-v q -m:1", "-v:q -m:1")]
    [InlineData("--no-restore --nologo", "-p:ConvoxRestore=false")]
    [InlineData("-s https://a.example -c Debug --source=b", "-p:Configuration=Debug -p:RestoreSources=https://a.example%3Bb")]
    [InlineData("--ucr", "-p:UseCurrentRuntimeIdentifier=true")]
    public void They_become_those_of_MSBuild(string typed, string told) => Assert.Equal(told.Split(' '), Read(typed).MsBuild);

    [Theory]
    [InlineData("-f net10.0")]
    [InlineData("--framework=net10.0")]
    [InlineData("-p:TargetFramework=net10.0")]
    public void The_target_framework_is_for_those_projects_that_have_several(string typed)
    {
        var read = Read(typed);
        Assert.Equal("net10.0", read.Framework);
        Assert.Empty(read.MsBuild);
    }

    [Theory]
    [InlineData("-o out")]
    [InlineData("-o:out")]
    [InlineData("--output=out")]
    public void A_folder_is_where_the_program_is_to_be_as_well(string typed) => Assert.Equal("out", Read(typed).Output);

    [Theory]
    [InlineData("everything", "'everything' is one argument too many")]
    [InlineData("-r", "-r needs a value.")]
    [InlineData("-c Debug --help", "--help builds nothing, so nothing was built.")]
    [InlineData("-version", "-version builds nothing")]
    [InlineData("-getProperty:OutputPath", "-getProperty:OutputPath builds nothing")]
    [InlineData("/t:PublishContainer", "/t:PublishContainer can't be used: a release is always made by the target Publish. Nothing was built.")]
    [InlineData("-c Debug -t:PublishContainer", "-t:PublishContainer can't be used: a release")]
    [InlineData("-Target:A;B", "-Target:A;B can't be used: a release")]
    [InlineData("--target PublishContainer", "--target can't be used: a release")]
    [InlineData("-o -p:A=B", "-o needs a value.")]
    public void What_is_none_of_them_is_refused(string typed, string says)
    {
        var refused = Assert.Throws<ProblemException>(() => Read(typed));
        Assert.Equal(ProblemKind.Usage, refused.Kind);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private static PublishArguments Read(string typed) => PublishArguments.Read(typed.Split(' '));
}
